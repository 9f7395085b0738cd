namespace FlatFuse.Layers;

/// <summary>Permutations that layers need.</summary>
internal static class Axes
{
    /// <summary>The order of axes in which <paramref name="axis"/> comes last.</summary>
    public static int[] MovedToEnd(int rank, int axis)
    {
        var order = new int[rank];
        for (int i = 0; i < rank - 1; i++)
            order[i] = i < axis ? i : i + 1;
        order[rank - 1] = axis;
        return order;
    }

    /// <summary>The order that undoes <see cref="MovedToEnd"/>.</summary>
    public static int[] MovedFromEnd(int rank, int axis)
    {
        var order = new int[rank];
        for (int i = 0; i < rank; i++)
            order[i] = i < axis ? i : i == axis ? rank - 1 : i - 1;
        return order;
    }
}
