using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>
/// Brings the length of vectors between two bounds, by the share <c>rate</c> of the way at each step:
/// <c>w · (rate · clip(‖w‖, min, max) + (1 − rate) · ‖w‖) / (‖w‖ + 1e-7)</c>. Source: Keras 3, <c>keras.constraints.MinMaxNorm</c>.
/// </summary>
public sealed class MinMaxNorm : NormConstraint
{
    /// <summary>Creates the constraint.</summary>
    /// <param name="minValue">The least length, 0 or more.</param>
    /// <param name="maxValue">The greatest length, not below the least.</param>
    /// <param name="rate">How far each step goes, 0 to 1.</param>
    /// <param name="axis">The axes of a vector; 0 when none is given: for a kernel (inputs, units) the weights of one unit.</param>
    /// <exception cref="ArgumentException">The bounds are in the wrong order.</exception>
    public MinMaxNorm(double minValue = 0, double maxValue = 1, double rate = 1, params ReadOnlySpan<int> axis)
        : base(axis)
    {
        MinValue = Guard.FiniteNotNegative(minValue, nameof(MinMaxNorm));
        MaxValue = Guard.FiniteNotNegative(maxValue, nameof(MinMaxNorm));
        Rate = Guard.Share(rate, nameof(MinMaxNorm));
        if (minValue > maxValue)
            throw new ArgumentException(FormattableString.Invariant($"MinMaxNorm: minValue {minValue} is above maxValue {maxValue}; expected minValue ≤ maxValue. Swap them."), nameof(minValue));
    }

    /// <summary>The least length.</summary>
    public double MinValue { get; }

    /// <summary>The greatest length.</summary>
    public double MaxValue { get; }

    /// <summary>How far each step goes.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["min_value"] = MinValue;
        config["max_value"] = MaxValue;
        config["rate"] = Rate;
        base.WriteConfig(config);
    }

    private protected override double Factor(double length)
        => ((Rate * Math.Clamp(length, MinValue, MaxValue)) + ((1 - Rate) * length)) / (Epsilon + length);
}
