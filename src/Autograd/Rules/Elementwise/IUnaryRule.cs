using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>An element-wise function of one operand: what it computes and its derivative, on adjacent lines.</summary>
internal interface IUnaryRule
{
    /// <summary>y = f(x), by a kernel; the spans have equal lengths.</summary>
    void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y);

    /// <summary>f′(x), given x and y = f(x), whichever makes it cheaper.</summary>
    float Derivative(float x, float y);
}
