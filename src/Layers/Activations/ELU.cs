using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = x</c> for x &gt; 0, else <c>alpha · (eˣ − 1)</c>. Any shape; the mask passes. Gradient: dy times 1 or alpha·eˣ.
/// Source: Clevert et al. (2016); Keras 3, <c>keras.layers.ELU</c>.
/// </summary>
public sealed class ELU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="alpha">Minus the limit far below 0.</param>
    public ELU(double alpha = 1) => Alpha = Guard.Finite(alpha, nameof(ELU));

    /// <summary>Minus the limit far below 0.</summary>
    public double Alpha { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static ELU FromConfig(LayerConfig config) => new(config.Double("alpha", 1));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        if (Alpha == 1)
            return inputs[0].With(VariableOps.Activate(x, ActivationKind.ELU));
        Variable below = -VariableOps.Activate(-x, ActivationKind.ReLU);
        return inputs[0].With(VariableOps.Activate(x, ActivationKind.ReLU) + VariableOps.Activate(below, ActivationKind.ELU) * (float)Alpha);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("alpha", Alpha);
}
