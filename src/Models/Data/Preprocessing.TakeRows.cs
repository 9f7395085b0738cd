using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

public static partial class Preprocessing
{
    /// <summary>Copies chosen samples, in the given order.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">(samples, …).</param>
    /// <param name="rows">Sample numbers; any may occur several times.</param>
    /// <returns>(rows, …).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside the samples.</exception>
    public static Tensor<T> TakeRows<T>(Tensor<T> tensor, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        if (tensor.Rank == 0)
            throw new ArgumentException("TakeRows: a scalar has no samples; expected a tensor of shape (samples, …).", nameof(tensor));
        int[] shape = tensor.Shape.ToArray();
        int samples = shape[0];
        shape[0] = rows.Length;
        Tensor<T> taken = Tensor.Zeros<T>(shape);
        ReadOnlySpan<T> source = (tensor.IsContiguous ? tensor : tensor.Clone()).AsSpan();
        int size = samples == 0 ? 0 : source.Length / samples;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)samples)
                throw new ArgumentOutOfRangeException(nameof(rows), $"TakeRows: sample {rows[i]} is outside the {samples} samples of shape {Shapes.Format(tensor.Shape)}.");
            source.Slice(rows[i] * size, size).CopyTo(taken.AsSpan()[(i * size)..]);
        }
        return taken;
    }
}
