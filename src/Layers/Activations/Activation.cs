using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Applies an activation: <c>y = f(x)</c>, in the same shape (GLU halves the last axis), under the same mask. Its static members are the
/// <see cref="ActivationFunction"/>s that other layers take: <c>new Dense(64, Activation.ReLU)</c>.
/// Gradient: <c>dx = dy · f'(x)</c>. Source: Keras 3, <c>keras.layers.Activation</c>.
/// </summary>
public sealed class Activation : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="function">For example <see cref="ReLU"/>.</param>
    public Activation(ActivationFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>x.</summary>
    public static ActivationFunction Linear { get; } = ActivationFunction.FromName("linear");

    /// <summary>max(x, 0).</summary>
    public static ActivationFunction ReLU { get; } = ActivationFunction.FromName("relu");

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static ActivationFunction Sigmoid { get; } = ActivationFunction.FromName("sigmoid");

    /// <summary>The hyperbolic tangent.</summary>
    public static ActivationFunction Tanh { get; } = ActivationFunction.FromName("tanh");

    /// <summary>eˣ / Σ eˣ over the last axis.</summary>
    public static ActivationFunction Softmax { get; } = ActivationFunction.FromName("softmax");

    /// <summary>x − log Σ eˣ over the last axis.</summary>
    public static ActivationFunction LogSoftmax { get; } = ActivationFunction.FromName("log_softmax");

    /// <summary>clip(x/6 + 1/2, 0, 1).</summary>
    public static ActivationFunction HardSigmoid { get; } = ActivationFunction.FromName("hard_sigmoid");

    /// <summary>min(max(x, 0), 6).</summary>
    public static ActivationFunction ReLU6 { get; } = ActivationFunction.FromName("relu6");

    /// <summary>eˣ.</summary>
    public static ActivationFunction Exponential { get; } = ActivationFunction.FromName("exponential");

    /// <summary>x for x &gt; 0, else eˣ − 1.</summary>
    public static ActivationFunction ELU { get; } = ActivationFunction.FromName("elu");

    /// <summary>1.0507009873554805 · (x for x &gt; 0, else 1.6732632423543772 (eˣ − 1)).</summary>
    public static ActivationFunction SELU { get; } = ActivationFunction.FromName("selu");

    /// <summary>log(1 + eˣ).</summary>
    public static ActivationFunction Softplus { get; } = ActivationFunction.FromName("softplus");

    /// <summary>x / (1 + |x|).</summary>
    public static ActivationFunction Softsign { get; } = ActivationFunction.FromName("softsign");

    /// <summary>x · sigmoid(x), also called swish.</summary>
    public static ActivationFunction SiLU { get; } = ActivationFunction.FromName("silu");

    /// <summary>x/2 · (1 + erf(x/√2)).</summary>
    public static ActivationFunction GELU { get; } = ActivationFunction.FromName("gelu");

    /// <summary>x for x &gt; 0, else 0.2 x.</summary>
    public static ActivationFunction LeakyReLU { get; } = ActivationFunction.FromName("leaky_relu");

    /// <summary>x · tanh(softplus x).</summary>
    public static ActivationFunction Mish { get; } = ActivationFunction.FromName("mish");

    /// <summary>x · hard_sigmoid(x).</summary>
    public static ActivationFunction HardSiLU { get; } = ActivationFunction.FromName("hard_silu");

    /// <summary>x − tanh x.</summary>
    public static ActivationFunction TanhShrink { get; } = ActivationFunction.FromName("tanh_shrink");

    /// <summary>max(x, 0) + min(eˣ − 1, 0).</summary>
    public static ActivationFunction CELU { get; } = ActivationFunction.FromName("celu");

    /// <summary>log(sigmoid x).</summary>
    public static ActivationFunction LogSigmoid { get; } = ActivationFunction.FromName("log_sigmoid");

    /// <summary>clip(x, −1, 1).</summary>
    public static ActivationFunction HardTanh { get; } = ActivationFunction.FromName("hard_tanh");

    /// <summary>x for |x| &gt; 1/2, else 0.</summary>
    public static ActivationFunction HardShrink { get; } = ActivationFunction.FromName("hard_shrink");

    /// <summary>x − clip(x, −1/2, 1/2).</summary>
    public static ActivationFunction SoftShrink { get; } = ActivationFunction.FromName("soft_shrink");

    /// <summary>(x + √(x² + 4)) / 2.</summary>
    public static ActivationFunction Squareplus { get; } = ActivationFunction.FromName("squareplus");

    /// <summary>0 for x ≤ −1, (x + 1)²/4 up to 1, then x.</summary>
    public static ActivationFunction SparsePlus { get; } = ActivationFunction.FromName("sparse_plus");

    /// <summary>clip((x + 1)/2, 0, 1).</summary>
    public static ActivationFunction SparseSigmoid { get; } = ActivationFunction.FromName("sparse_sigmoid");

    /// <summary>max(x − τ, 0) over the last axis, where τ makes it add up to 1.</summary>
    public static ActivationFunction Sparsemax { get; } = ActivationFunction.FromName("sparsemax");

    /// <summary>a · sigmoid(b), where a and b are the halves of the last axis.</summary>
    public static ActivationFunction GLU { get; } = ActivationFunction.FromName("glu");

    /// <summary>The function applied.</summary>
    public ActivationFunction Function { get; }

    /// <summary>x where x &gt; <paramref name="threshold"/>, else <paramref name="defaultValue"/>.</summary>
    /// <param name="threshold">Inputs above it pass; finite.</param>
    /// <param name="defaultValue">What the others become; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
    public static ActivationFunction Threshold(double threshold, double defaultValue) => ActivationFunction.Threshold(threshold, defaultValue);

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Activation FromConfig(LayerConfig config) => new(config.Activation("activation"));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (Function.WorksOnRows && shape.Rank < 2)
            throw ShapeError($"{Function.Name} works on the last axis of (batch, …, classes); got {shape}.");
        if (!Function.HalvesLastAxis || shape[-1] is not { } size)
            return shape;
        return size % 2 == 0
            ? shape.With(-1, size / 2)
            : throw ShapeError($"{Function.Name} gates one half of the last axis with the other, but that of {shape} is odd; expected an even size.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => inputs[0].With(Function.Apply(inputs[0].Variable));

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("activation", Function.ToConfig());
}
