using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>The axes that a normalisation works over: checked, sorted, and brought to the end of the value where they are not.</summary>
internal static class NormalizedAxes
{
    /// <summary>The axes as non-negative numbers in order; null when one is missing, doubled, or the batch.</summary>
    public static int[]? Of(ReadOnlySpan<int> axes, int rank)
    {
        var sorted = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (axis < 1 || axis >= rank || sorted.AsSpan(0, i).Contains(axis))
                return null;
            sorted[i] = axis;
        }
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Runs <paramref name="normalize"/>, which works on the last axes, on others: moves them to the end and back.</summary>
    public static Variable Run(Variable x, ReadOnlySpan<int> sorted, Func<Variable, Variable> normalize)
    {
        if (sorted[0] == x.Rank - sorted.Length)
            return normalize(x);
        var order = new int[x.Rank];
        int next = 0;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (!sorted.Contains(axis))
                order[next++] = axis;
        }
        sorted.CopyTo(order.AsSpan(next));
        var back = new int[x.Rank];
        for (int i = 0; i < order.Length; i++)
            back[order[i]] = i;
        return VariableOps.Transpose(normalize(VariableOps.Transpose(x, order)), back);
    }

    /// <summary>What a message says of axes that do not exist.</summary>
    public static string Problem(ReadOnlySpan<int> axes, SymbolicShape shape)
        => $"{shape} cannot be normalised over {Tensors.Shapes.Format(axes)}; expected different axes of 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1, without the batch.";
}
