namespace FlatFuse.Layers;

/// <summary>How messages write shapes: <c>(None, 20, 3) = (batch, steps, features)</c>.</summary>
internal static class ShapeText
{
    /// <summary>The shape with the names of its axes, where it has as many.</summary>
    public static string Named(SymbolicShape shape, params ReadOnlySpan<string> axes)
        => shape.Rank == axes.Length ? $"{shape} = ({string.Join(", ", axes)})" : $"{shape}, rank {shape.Rank}";

    /// <summary>The shapes in a row: <c>(None, 3) and (None, 4)</c>.</summary>
    public static string List(IReadOnlyList<SymbolicShape> shapes)
        => string.Join(shapes.Count == 2 ? " and " : ", ", shapes);

    /// <summary>Elements of one sample, null when a size is unknown or the product is beyond what a tensor holds.</summary>
    public static int? SampleSize(SymbolicShape shape)
    {
        long count = 1;
        for (int axis = 1; axis < shape.Rank; axis++)
        {
            if (shape[axis] is not { } size)
                return null;
            count *= size;
            if (count > int.MaxValue)
                return null;
        }
        return (int)count;
    }
}
