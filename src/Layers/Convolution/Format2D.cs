using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>What layers over (batch, rows, columns, channels) share: where the axes lie and how messages name them.</summary>
internal static class Format2D
{
    public static (int? Rows, int? Columns, int? Channels) Split(SymbolicShape shape, DataFormat format)
        => format == DataFormat.ChannelsFirst ? (shape[2], shape[3], shape[1]) : (shape[1], shape[2], shape[3]);

    public static SymbolicShape Join(int? batch, int? rows, int? columns, int? channels, DataFormat format)
        => format == DataFormat.ChannelsFirst ? new SymbolicShape(batch, channels, rows, columns) : new SymbolicShape(batch, rows, columns, channels);

    public static string Names(DataFormat format)
        => format == DataFormat.ChannelsFirst ? "(batch, channels, rows, columns)" : "(batch, rows, columns, channels)";

    public static string Named(SymbolicShape shape, DataFormat format) => $"{shape} = {Names(format)}";

    /// <summary>Why a shape of another rank does not fit, and what to do.</summary>
    public static string RankError(SymbolicShape shape, DataFormat format)
    {
        string fix = shape.Rank == 3 && shape[1] is { } rows && shape[2] is { } columns
            ? format == DataFormat.ChannelsFirst
                ? $"Add Reshape([1, {rows}, {columns}]) in front to see it as an image of one channel, or use the layer for one axis."
                : $"Add Reshape([{rows}, {columns}, 1]) in front to see it as an image of one channel, or use the layer for one axis."
            : $"Add Reshape to {Names(format)} in front, or leave out a Flatten before it.";
        return $"expected rank 4 {Names(format)}; got {shape}, rank {shape.Rank}. {fix}";
    }

    /// <summary>The image with its channels last, where kernels want them.</summary>
    public static Variable ToChannelsLast(Variable x, DataFormat format)
        => format == DataFormat.ChannelsFirst ? VariableOps.Transpose(x, 0, 2, 3, 1) : x;

    /// <summary>The image with its channels where the format has them.</summary>
    public static Variable FromChannelsLast(Variable y, DataFormat format)
        => format == DataFormat.ChannelsFirst ? VariableOps.Transpose(y, 0, 3, 1, 2) : y;
}
