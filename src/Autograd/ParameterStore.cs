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

    private AlignedBuffer Values { get; }

    private AlignedBuffer Gradients { get; }

    /// <summary>The values from <paramref name="start"/> on, in place.</summary>
    /// <param name="start">Floats from the beginning.</param>
    /// <param name="shape">The shape to show them in.</param>
    public Tensor<float> ValueView(int start, ReadOnlySpan<int> shape) => new(Values.Array, new Layout(shape, Values.Offset + start));

    /// <summary>The gradients from <paramref name="start"/> on, in place.</summary>
    /// <param name="start">Floats from the beginning.</param>
    /// <param name="shape">The shape to show them in.</param>
    public Tensor<float> GradientView(int start, ReadOnlySpan<int> shape) => new(Gradients.Array, new Layout(shape, Gradients.Offset + start));
}
