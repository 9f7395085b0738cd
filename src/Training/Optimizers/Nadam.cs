using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Adam with Nesterov momentum: <c>μ_t = β₁ (1 − 0.96ᵗ / 2)</c>, P = μ₁ ⋯ μ_t;
/// <c>w −= lr (μ_{t+1} m / (1 − P μ_{t+1}) + (1 − μ_t) g / (1 − P)) / (√(v / (1 − β₂ᵗ)) + ε)</c> with Adam's m and v.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Dozat, 2016.</remarks>
public sealed class Nadam(LearningRate learningRate) : Optimizer("nadam", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Nadam()
        : this(0.001)
    {
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; init => field = Ranges.Decay(value, "Nadam", nameof(Beta1)); } = 0.9;

    /// <summary>β₂.</summary>
    public double Beta2 { get; init => field = Ranges.Decay(value, "Nadam", nameof(Beta2)); } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "Nadam", nameof(Epsilon)); } = 1e-7;

    /// <inheritdoc/>
    public override int SlotCount => 2;

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot == 0 ? "momentum" : "velocity";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new NadamStep(step.LearningRate)
        {
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            Step = step.Number,
            MomentumProduct = MomentumProduct(step.Number),
            Preparation = step.Preparation,
        };
        OptimizerKernels.Nadam(workers, kernel, weights, gradients, slots[0], slots[1]);
    }

    // μ₁ ⋯ μ_t follows from t, so it needs no place in a saved state. Below 1e-20, 1 − P is 1 and the rest does not matter.
    private double MomentumProduct(long t)
    {
        double product = 1, power = 1;
        for (long i = 1; i <= t && product > 1e-20; i++)
        {
            power *= 0.96;
            product *= Beta1 * (1 - (0.5 * power));
        }
        return product;
    }
}
