using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>An element-wise function of two operands: what it computes and both partial derivatives, on adjacent lines.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal interface IBinaryRule<TSelf>
    where TSelf : struct, IBinaryRule<TSelf>
{
    /// <summary>The operation's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(l, r).</summary>
    static abstract float Forward(float l, float r);

    /// <summary>∂f/∂l, given y = f(l, r).</summary>
    static abstract float Left(float l, float r, float y);

    /// <summary>∂f/∂r, given y = f(l, r).</summary>
    static abstract float Right(float l, float r, float y);

    /// <summary>The same as <see cref="Forward(float, float)"/> for spans of equal lengths, by a kernel.</summary>
    static abstract void Forward(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, Span<float> y);

    /// <summary>dl = ∂f/∂l · dy by a kernel, for spans of equal lengths; false where there is none and the loop over <see cref="Left"/> has to do.</summary>
    static virtual bool TryLeft(Workers workers, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> dl, bool accumulate) => false;

    /// <summary>dr = ∂f/∂r · dy by a kernel, for spans of equal lengths; false where there is none and the loop over <see cref="Right"/> has to do.</summary>
    static virtual bool TryRight(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> dy, Span<float> dr, bool accumulate) => false;
}
