using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>An element-wise function of one operand: what it computes and its derivative, on adjacent lines.</summary>
internal interface IUnaryRule
{
    /// <summary>y = f(x), by a kernel; the spans have equal lengths.</summary>
    void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y);

    /// <summary>dx = f′(x) · dy, or added, given x and y = f(x).</summary>
    void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate);
}
