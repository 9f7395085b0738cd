using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Steps of one size: <c>w −= lr sign(β₁ m + (1 − β₁) g)</c>, <c>m = β₂ m + (1 − β₂) g</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Chen et al., Symbolic Discovery of Optimization Algorithms, 2023.</remarks>
public sealed class Lion(LearningRate learningRate) : Optimizer("lion", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Lion()
        : this(0.001)
    {
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; init => field = Ranges.Decay(value, "Lion", nameof(Beta1)); } = 0.9;

    /// <summary>β₂.</summary>
    public double Beta2 { get; init => field = Ranges.Decay(value, "Lion", nameof(Beta2)); } = 0.99;

    /// <inheritdoc/>
    public override int SlotCount => 1;

    /// <inheritdoc/>
    public override string SlotName(int slot) => "momentum";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new LionStep(step.LearningRate) { Beta1 = Beta1, Beta2 = Beta2, Preparation = step.Preparation };
        OptimizerKernels.Lion(workers, kernel, weights, gradients, slots[0]);
    }
}
