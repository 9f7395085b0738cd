using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>y = −x.</summary>
internal readonly struct NegateRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Negate(workers, x, y);
    public float Derivative(float x, float y) => -1f;
}

/// <summary>y = eˣ.</summary>
internal readonly struct ExpRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Exp(workers, x, y);
    public float Derivative(float x, float y) => y;
}

/// <summary>y = ln x.</summary>
internal readonly struct LogRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Log(workers, x, y);
    public float Derivative(float x, float y) => 1f / x;
}

/// <summary>y = √x.</summary>
internal readonly struct SqrtRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Sqrt(workers, x, y);
    public float Derivative(float x, float y) => 0.5f / y;
}

/// <summary>y = x².</summary>
internal readonly struct SquareRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Square(workers, x, y);
    public float Derivative(float x, float y) => 2f * x;
}

/// <summary>y = |x|; the derivative at 0 is 0, as in Keras.</summary>
internal readonly struct AbsRule : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y) => Elementwise.Abs(workers, x, y);
    public float Derivative(float x, float y) => x > 0f ? 1f : x < 0f ? -1f : 0f;
}

/// <summary>y = xᵖ. p = 0 gives 1 and derivative 0 everywhere, at x = 0 too.</summary>
internal readonly struct PowerRule(double exponent) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = (float)Math.Pow(x[i], exponent);
    }

    public float Derivative(float x, float y) => exponent == 0.0 ? 0f : (float)(exponent * Math.Pow(x, exponent - 1.0));
}

/// <summary>y = factor · x + offset: operators between a variable and a number.</summary>
internal readonly struct AffineRule(float factor, float offset) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        if (offset == 0f)
        {
            Elementwise.Scale(workers, x, factor, y);
            return;
        }
        for (int i = 0; i < x.Length; i++)
            y[i] = factor * x[i] + offset;
    }

    public float Derivative(float x, float y) => factor;
}

/// <summary>y = numerator / x.</summary>
internal readonly struct ReciprocalRule(float numerator) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = numerator / x[i];
    }

    public float Derivative(float x, float y) => -y / x;
}

/// <summary>y = x inside [low, high], else the nearer end; the derivative is 1 inside, ends included, and 0 outside.</summary>
internal readonly struct ClipRule(float low, float high) : IUnaryRule
{
    public void Forward(Workers workers, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = float.IsNaN(x[i]) ? x[i] : MathF.Min(MathF.Max(x[i], low), high);
    }

    public float Derivative(float x, float y) => x >= low && x <= high ? 1f : 0f;
}
