using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Shortens vectors that are longer than a bound: <c>w · min(‖w‖, max) / (‖w‖ + 1e-7)</c>. Source: Srivastava et al. (2014); Keras 3, <c>keras.constraints.MaxNorm</c>.</summary>
public sealed class MaxNorm : NormConstraint
{
    /// <summary>Creates the constraint.</summary>
    /// <param name="maxValue">The greatest length, 0 or more.</param>
    /// <param name="axis">The axes of a vector; 0 when none is given: for a kernel (inputs, units) the weights of one unit.</param>
    public MaxNorm(double maxValue = 2, params ReadOnlySpan<int> axis)
        : base(axis) => MaxValue = Guard.FiniteNotNegative(maxValue, nameof(MaxNorm));

    /// <summary>The greatest length.</summary>
    public double MaxValue { get; }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["max_value"] = MaxValue;
        base.WriteConfig(config);
    }

    private protected override double Factor(double length) => Math.Min(length, MaxValue) / (Epsilon + length);
}
