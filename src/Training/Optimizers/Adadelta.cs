using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Steps in the size of past steps: <c>a = ρ a + (1 − ρ) g²</c>, <c>d = −√(b + ε) / √(a + ε) · g</c>, <c>b = ρ b + (1 − ρ) d²</c>, <c>w += lr d</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Zeiler, 2012.</remarks>
public sealed class Adadelta(LearningRate learningRate) : Optimizer("adadelta", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Adadelta()
        : this(0.001)
    {
    }

    /// <summary>ρ.</summary>
    public double Rho { get; init => field = Ranges.Decay(value, "Adadelta", nameof(Rho)); } = 0.95;

    /// <summary>ε, inside the roots.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "Adadelta", nameof(Epsilon)); } = 1e-7;

    /// <inheritdoc/>
    public override int SlotCount => 2;

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot == 0 ? "accumulated_grad" : "accumulated_delta_var";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new AdadeltaStep(step.LearningRate) { Rho = Rho, Epsilon = Epsilon, Preparation = step.Preparation };
        OptimizerKernels.Adadelta(workers, kernel, weights, gradients, slots[0], slots[1]);
    }
}
