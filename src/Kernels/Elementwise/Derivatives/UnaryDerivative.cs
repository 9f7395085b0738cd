namespace FlatFuse.Kernels;

/// <summary>The functions of one operand whose gradient <see cref="Elementwise.Gradient"/> computes.</summary>
public enum UnaryDerivative
{
    /// <summary>f = eˣ, f′ = y.</summary>
    Exp,

    /// <summary>f = log x, f′ = 1 / x.</summary>
    Log,

    /// <summary>f = √x, f′ = 1 / (2 y).</summary>
    Sqrt,

    /// <summary>f = x², f′ = 2 x.</summary>
    Square,

    /// <summary>f = |x|, f′ = sign x, 0 at 0.</summary>
    Abs,

    /// <summary>f = a / x, f′ = −y / x.</summary>
    Reciprocal,

    /// <summary>f = clip(x, low, high), f′ = 1 inside, the ends included, and 0 outside.</summary>
    Clip,
}
