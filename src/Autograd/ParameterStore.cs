using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// A permanent home of weights: one flat run of values and, at the same places of a second one, their gradients. Every
/// weight begins on a 64-byte boundary; the gaps between them stay zero, so a pass over neighbours needs no gaps skipped.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>Allocates a cleared home.</summary>
    /// <param name="length">Floats; the sum of the <see cref="AlignedBuffer.RoundUp"/> of every weight's count.</param>
    public ParameterStore(int length)
    {
        Values = new AlignedBuffer(length, zeroed: true);
        Gradients = new AlignedBuffer(length, zeroed: true);
    }

    internal AlignedBuffer Values { get; }

    internal AlignedBuffer Gradients { get; }

    /// <summary>The values from <paramref name="start"/> on.</summary>
    /// <param name="start">Floats from the beginning.</param>
    /// <param name="length">Floats.</param>
    public Span<float> ValuesAt(int start, int length) => Values.Span.Slice(start, length);

    /// <summary>The gradients from <paramref name="start"/> on.</summary>
    /// <param name="start">Floats from the beginning.</param>
    /// <param name="length">Floats.</param>
    public Span<float> GradientsAt(int start, int length) => Gradients.Span.Slice(start, length);

    internal Tensor<float> ValueView(int start, ReadOnlySpan<int> shape) => new(Values.Array, new Layout(shape, Values.Offset + start));

    internal Tensor<float> GradientView(int start, ReadOnlySpan<int> shape) => new(Gradients.Array, new Layout(shape, Gradients.Offset + start));
}
