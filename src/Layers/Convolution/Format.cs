namespace FlatFuse.Layers;

/// <summary>What layers over (batch, steps, channels) share: where the axes lie and how messages name them.</summary>
internal static class Format
{
    public static (int? Steps, int? Channels) Split(SymbolicShape shape, DataFormat format)
        => format == DataFormat.ChannelsFirst ? (shape[2], shape[1]) : (shape[1], shape[2]);

    public static string Names(DataFormat format)
        => format == DataFormat.ChannelsFirst ? "(batch, channels, steps)" : "(batch, steps, channels)";

    public static string Named(SymbolicShape shape, DataFormat format) => $"{shape} = {Names(format)}";

    public static string RankFix(SymbolicShape shape) => shape.Rank switch
    {
        2 when shape[1] is { } size => $"Add Reshape([{size}, 1]) in front to see it as {size} steps of one channel, or leave out a Flatten before it.",
        2 => "Add an Embedding in front if these are ids, or Reshape([steps, channels]).",
        _ => "Add Reshape([steps, channels]) in front.",
    };
}
