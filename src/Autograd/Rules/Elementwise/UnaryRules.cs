using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>y = −x.</summary>
internal readonly struct NegateRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Negate(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => BinaryGradients.Scaled(workers, dy, -1f, dx, accumulate);
}

/// <summary>y = eˣ.</summary>
internal readonly struct ExpRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Exp(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Exp, x, y, dy, dx, accumulate);
}

/// <summary>y = ln x.</summary>
internal readonly struct LogRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Log(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Log, x, y, dy, dx, accumulate);
}

/// <summary>y = √x.</summary>
internal readonly struct SqrtRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Sqrt(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Sqrt, x, y, dy, dx, accumulate);
}

/// <summary>y = x².</summary>
internal readonly struct SquareRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Square(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Square, x, y, dy, dx, accumulate);
}

/// <summary>y = |x|; the derivative at 0 is 0, as in Keras.</summary>
internal readonly struct AbsRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Abs(workers, x, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Abs, x, y, dy, dx, accumulate);
}

/// <summary>y = xᵖ. p = 0 gives 1 and derivative 0 everywhere, at x = 0 too.</summary>
internal readonly struct PowerRule(double exponent) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)Math.Pow(x[i], exponent);
    }

    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        for (int i = 0; i < dx.Length; i++)
        {
            float slope = exponent == 0.0 ? 0f : (float)(exponent * Math.Pow(x[i], exponent - 1.0));
            dx[i] = accumulate ? dx[i] + (dy[i] * slope) : dy[i] * slope;
        }
    }
}

/// <summary>y = factor · x + offset: operators between a variable and a number.</summary>
internal readonly struct AffineRule(float factor, float offset) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        if (offset == 0f)
            Elementwise.Scale(workers, x, factor, y);
        else
            Elementwise.Affine(workers, x, factor, offset, y);
    }

    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => BinaryGradients.Scaled(workers, dy, factor, dx, accumulate);
}

/// <summary>y = numerator / x.</summary>
internal readonly struct ReciprocalRule(float numerator) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Reciprocal(workers, x, numerator, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Reciprocal, x, y, dy, dx, accumulate);
}

/// <summary>y = x inside [low, high], else the nearer end; the derivative is 1 inside, ends included, and 0 outside.</summary>
internal readonly struct ClipRule(float low, float high) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Clip(workers, x, low, high, y);
    public void Backward(Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => Elementwise.Gradient(workers, UnaryDerivative.Clip, x, y, dy, dx, accumulate, low, high);
}
