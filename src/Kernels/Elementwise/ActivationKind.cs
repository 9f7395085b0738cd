namespace FlatFuse.Kernels;

/// <summary>The element-wise activations of Keras 3 that kernels can fuse; formulas at <see cref="Activations"/>.</summary>
public enum ActivationKind
{
    /// <summary>x.</summary>
    Linear,

    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>clip(x/6 + 1/2, 0, 1).</summary>
    HardSigmoid,

    /// <summary>min(max(x, 0), 6).</summary>
    ReLU6,

    /// <summary>eˣ.</summary>
    Exponential,

    /// <summary>x for x &gt; 0, else eˣ − 1.</summary>
    ELU,

    /// <summary>1.0507009873554805 · (x for x &gt; 0, else 1.6732632423543772 (eˣ − 1)).</summary>
    SELU,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>x · sigmoid(x), also called swish.</summary>
    SiLU,

    /// <summary>x/2 · (1 + erf(x/√2)).</summary>
    GELU,

    /// <summary>x for x &gt; 0, else 0.2 x.</summary>
    LeakyReLU,

    /// <summary>x · tanh(softplus x).</summary>
    Mish,

    /// <summary>x · hard_sigmoid(x).</summary>
    HardSiLU,

    /// <summary>x − tanh x.</summary>
    TanhShrink,

    /// <summary>max(x, 0) + min(eˣ − 1, 0).</summary>
    CELU,

    /// <summary>log(sigmoid x).</summary>
    LogSigmoid,

    /// <summary>clip(x, −1, 1).</summary>
    HardTanh,

    /// <summary>x for |x| &gt; 1/2, else 0.</summary>
    HardShrink,

    /// <summary>x − clip(x, −1/2, 1/2).</summary>
    SoftShrink,

    /// <summary>(x + √(x² + 4)) / 2.</summary>
    Squareplus,

    /// <summary>0 for x ≤ −1, (x + 1)²/4 up to 1, then x.</summary>
    SparsePlus,

    /// <summary>clip((x + 1)/2, 0, 1).</summary>
    SparseSigmoid,
}
