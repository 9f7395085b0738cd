using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Moving averages of gradient and square: <c>m += (1 − β₁)(g − m)</c>, <c>v += (1 − β₂)(g² − v)</c>,
/// <c>w −= lr √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)</c>. ε is added to the uncorrected √v, as Keras does.
/// </summary>
/// <remarks>Kingma and Ba, 2014; AMSGrad: Reddi, Kale and Kumar, 2018.</remarks>
public class Adam : Optimizer
{
    /// <summary>Learning rate 0.001.</summary>
    public Adam()
        : this(0.001)
    {
    }

    /// <summary>A learning rate of one's own.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    public Adam(LearningRate learningRate)
        : this("adam", learningRate)
    {
    }

    private protected Adam(string name, LearningRate learningRate)
        : base(name, learningRate)
    {
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; init => field = Ranges.Decay(value, "Adam", nameof(Beta1)); } = 0.9;

    /// <summary>β₂.</summary>
    public double Beta2 { get; init => field = Ranges.Decay(value, "Adam", nameof(Beta2)); } = 0.999;

    /// <summary>ε.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "Adam", nameof(Epsilon)); } = 1e-7;

    /// <summary>True to divide by the running maximum of v.</summary>
    public bool AMSGrad { get; init; }

    /// <inheritdoc/>
    public override int SlotCount => AMSGrad ? 3 : 2;

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot switch { 0 => "momentum", 1 => "velocity", _ => "velocity_hat" };

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new AdamStep(step.LearningRate) { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, Step = step.Number, Preparation = step.Preparation };
        OptimizerKernels.Adam(workers, kernel, weights, gradients, slots[0], slots[1], AMSGrad ? slots[2] : []);
    }
}
