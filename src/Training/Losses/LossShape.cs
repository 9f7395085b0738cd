using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// How predictions fall into entries: <c>(batch, …, C)</c> has entries <c>(batch, …)</c> of C columns. Keras reduces the last axis whatever the rank, so
/// <c>(batch)</c> is one entry of batch columns.
/// </summary>
internal static class LossShape
{
    /// <summary>The shape of the entries.</summary>
    public static ReadOnlySpan<int> Entries(ReadOnlySpan<int> prediction) => prediction.IsEmpty ? prediction : prediction[..^1];

    /// <summary>The size of the last axis; 1 for a scalar.</summary>
    public static int Columns(ReadOnlySpan<int> prediction) => prediction.IsEmpty ? 1 : prediction[^1];

    /// <summary>True when the shapes are equal, or equal once the longer one has lost a last axis of size 1; −1 stands for any size.</summary>
    public static bool SameUpToLastOne(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        if (left.Length == right.Length + 1 && left[^1] is 1 or -1)
            left = left.Length == right.Length + 1 ? left[..^1] : left;
        else if (right.Length == left.Length + 1 && right[^1] is 1 or -1)
            right = right.Length == left.Length + 1 ? right[..^1] : right;
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && left[i] != -1 && right[i] != -1)
                return false;
        }
        return true;
    }

    /// <summary>
    /// For every entry the index of its weight, or null when they lie one to one. Sizes of 1 repeat; <c>(batch)</c> is allowed
    /// where a sample has one entry.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int[]? WeightIndex(string owner, ReadOnlySpan<int> weights, ReadOnlySpan<int> entries)
    {
        if (SameUpToLastOne(weights, entries))
            return null;
        if (weights.Length == entries.Length + 1 && weights[^1] == 1)
            weights = weights[..^1];
        if (weights.Length != entries.Length && weights.Length != 0 && !(weights.Length == 1 && entries.Length > 0 && Shapes.Count(entries) == entries[0] && weights[0] == entries[0]))
            throw BadWeights(owner, weights, entries);
        if (Shapes.Count(weights) == Shapes.Count(entries) && weights.Length == 1)
            return null;
        int count = Shapes.Count(entries);
        var index = new int[count];
        if (weights.Length == 0)
            return index;
        int[] strides = Shapes.RowMajorStrides(weights);
        for (int axis = 0; axis < weights.Length; axis++)
        {
            if (weights[axis] != entries[axis] && weights[axis] != 1)
                throw BadWeights(owner, weights, entries);
            if (weights[axis] == 1)
                strides[axis] = 0;
        }
        for (int i = 0; i < count; i++)
        {
            int rest = i;
            for (int axis = entries.Length - 1; axis >= 0; axis--)
            {
                index[i] += rest % entries[axis] * strides[axis];
                rest /= entries[axis];
            }
        }
        return index;
    }

    private static ArgumentException BadWeights(string owner, ReadOnlySpan<int> weights, ReadOnlySpan<int> entries)
    {
        string advice = entries.IsEmpty
            ? " Predictions of shape (batch) are one entry: give predictions and targets of shape (batch, 1) to weigh samples."
            : weights.Length == 1 && entries.Length > 1
            ? $" One weight a sample needs a size of 1 for each further axis: reshape {Shapes.Format(weights)} to ({weights[0]}{string.Concat(Enumerable.Repeat(", 1", entries.Length - 1))})."
            : "";
        return new ArgumentException($"{owner}: sample weights of shape {Shapes.Format(weights)} do not fit; expected one an entry, {Shapes.Format(entries)}, where a size of 1 repeats.{advice}", "sampleWeight");
    }
}
