namespace FlatFuse.Layers;

/// <summary>Brings vectors to length 1: <c>w / (‖w‖ + 1e-7)</c>. Source: Keras 3, <c>keras.constraints.UnitNorm</c>.</summary>
public sealed class UnitNorm : NormConstraint
{
    /// <summary>Creates the constraint.</summary>
    /// <param name="axis">The axes of a vector; 0 when none is given: for a kernel (inputs, units) the weights of one unit.</param>
    public UnitNorm(params ReadOnlySpan<int> axis)
        : base(axis)
    {
    }

    private protected override double Factor(double length) => 1 / (Epsilon + length);
}
