using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Adam with the largest gradient instead of the root mean square: <c>m = β₁ m + (1 − β₁) g</c>, <c>u = max(β₂ u, |g|)</c>,
/// <c>w −= lr m / ((1 − β₁ᵗ)(u + ε))</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Kingma and Ba, 2014, section 7.1.</remarks>
public sealed class Adamax(LearningRate learningRate) : Optimizer("adamax", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Adamax()
        : this(0.001)
    {
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; init => field = Ranges.Decay(value, "Adamax", nameof(Beta1)); } = 0.9;

    /// <summary>β₂.</summary>
    public double Beta2 { get; init => field = Ranges.Decay(value, "Adamax", nameof(Beta2)); } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "Adamax", nameof(Epsilon)); } = 1e-7;

    /// <inheritdoc/>
    public override int SlotCount => 2;

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot == 0 ? "momentum" : "norm";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new AdamaxStep(step.LearningRate) { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, Step = step.Number, Preparation = step.Preparation };
        OptimizerKernels.Adamax(workers, kernel, weights, gradients, slots[0], slots[1]);
    }
}
