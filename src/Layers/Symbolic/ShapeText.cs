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

    /// <summary>Elements of one sample, null when a size is unknown. Also more than a tensor holds: what that means is the caller's to say.</summary>
    public static long? SampleSize(SymbolicShape shape)
    {
        var sizes = new int[Math.Max(shape.Rank - 1, 0)];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (shape[i + 1] is not { } size)
                return null;
            sizes[i] = size;
        }
        return Product(sizes);
    }

    /// <summary>The product of sizes that are not negative; <see cref="long.MaxValue"/> where it is beyond that.</summary>
    public static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        bool empty = false;
        foreach (int size in sizes)
        {
            empty |= size == 0;
            product = size != 0 && product > long.MaxValue / size ? long.MaxValue : product * Math.Max(size, 1);
        }
        return empty ? 0 : product;
    }
}
