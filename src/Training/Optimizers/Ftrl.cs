using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Follow the regularized leader, for shallow models of many sparse features: <c>n' = n + g²</c>, <c>z += g + 2 λₛ w − (n'ᵖ − nᵖ) / lr · w</c>,
/// <c>w = (clip(z, −λ₁, λ₁) − z) / (n'ᵖ / lr + 2 λ₂ + β / lr)</c> with p = −<see cref="LearningRatePower"/>. λ₁ makes weights exactly 0.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>
/// McMahan et al., 2013. As in Keras, the first step draws a weight without gradient to 0, unless <see cref="InitialAccumulatorValue"/> is 0:
/// then it keeps its value (Keras divides 0 by 0).
/// </remarks>
public sealed class Ftrl(LearningRate learningRate) : Optimizer("ftrl", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Ftrl()
        : this(0.001)
    {
    }

    /// <summary>How the rate falls with the squares so far, 0 or less; 0 keeps it.</summary>
    public double LearningRatePower { get; init => field = NotPositive(value); } = -0.5;

    /// <summary>What n starts with.</summary>
    public double InitialAccumulatorValue { get; init => field = Ranges.NotNegative(value, "Ftrl", nameof(InitialAccumulatorValue)); } = 0.1;

    /// <summary>λ₁.</summary>
    public double L1RegularizationStrength { get; init => field = Ranges.NotNegative(value, "Ftrl", nameof(L1RegularizationStrength)); }

    /// <summary>λ₂.</summary>
    public double L2RegularizationStrength { get; init => field = Ranges.NotNegative(value, "Ftrl", nameof(L2RegularizationStrength)); }

    /// <summary>λₛ: a penalty on the weights that acts through the gradient.</summary>
    public double L2ShrinkageRegularizationStrength { get; init => field = Ranges.NotNegative(value, "Ftrl", nameof(L2ShrinkageRegularizationStrength)); }

    /// <summary>β.</summary>
    public double Beta { get; init => field = Ranges.NotNegative(value, "Ftrl", nameof(Beta)); }

    /// <inheritdoc/>
    public override int SlotCount => 2;

    /// <inheritdoc/>
    public override float SlotStart(int slot) => slot == 0 ? (float)InitialAccumulatorValue : 0f;

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot == 0 ? "accumulator" : "linear";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new FtrlStep(step.LearningRate)
        {
            LearningRatePower = LearningRatePower,
            L1 = L1RegularizationStrength,
            L2 = L2RegularizationStrength,
            L2Shrinkage = L2ShrinkageRegularizationStrength,
            Beta = Beta,
            Preparation = step.Preparation,
        };
        OptimizerKernels.Ftrl(workers, kernel, weights, gradients, slots[0], slots[1]);
    }

    private static double NotPositive(double value)
        => value <= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LearningRatePower), value, "Ftrl: LearningRatePower must be a finite number of 0 or less.");
}
