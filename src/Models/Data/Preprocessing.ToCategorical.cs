using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

public static partial class Preprocessing
{
    /// <summary>One-hot rows: entry <c>labels[i]</c> of row i is 1, the others are 0.</summary>
    /// <param name="labels">Class numbers, 0 … classes − 1.</param>
    /// <param name="classes">The number of classes; the largest label + 1 when null.</param>
    /// <returns>(samples, classes).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is outside the classes.</exception>
    public static Tensor<float> ToCategorical(ReadOnlySpan<int> labels, int? classes = null)
    {
        int count = classes ?? Largest(labels) + 1;
        Tensor<float> rows = Tensor.Zeros<float>(labels.Length, count);
        Span<float> values = rows.AsSpan();
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)count)
                throw new ArgumentOutOfRangeException(nameof(labels), $"ToCategorical: label {labels[i]} at position {i} is outside the {count} classes 0 … {count - 1}.");
            values[i * count + labels[i]] = 1f;
        }
        return rows;
    }

    private static int Largest(ReadOnlySpan<int> labels)
    {
        int largest = -1;
        foreach (int label in labels)
            largest = Math.Max(largest, label);
        return largest;
    }
}
