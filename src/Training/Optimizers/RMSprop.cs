using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Divides by a running root mean square: <c>v = ρ v + (1 − ρ) g²</c>, <c>d = lr g / √(v + ε)</c>, <c>w −= d</c>. <see cref="Centered"/>:
/// <c>a = ρ a + (1 − ρ) g</c>, <c>d = lr g / √(v − a² + ε)</c>. With momentum <c>m = μ m + d</c>, <c>w −= m</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Tieleman and Hinton, 2012; centered: Graves, 2013.</remarks>
public sealed class RMSprop(LearningRate learningRate) : Optimizer("rmsprop", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public RMSprop()
        : this(0.001)
    {
    }

    /// <summary>ρ.</summary>
    public double Rho { get; init => field = Ranges.Decay(value, "RMSprop", nameof(Rho)); } = 0.9;

    /// <summary>μ, 0 … below 1; 0 keeps no moments.</summary>
    public double Momentum { get; init => field = Ranges.Decay(value, "RMSprop", nameof(Momentum)); }

    /// <summary>ε, inside the root.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "RMSprop", nameof(Epsilon)); } = 1e-7;

    /// <summary>True to divide by the standard deviation.</summary>
    public bool Centered { get; init; }

    /// <inheritdoc/>
    public override int SlotCount => 1 + (Centered ? 1 : 0) + (Momentum == 0 ? 0 : 1);

    /// <inheritdoc/>
    public override string SlotName(int slot) => slot == 0 ? "velocity" : slot == 1 && Centered ? "average_gradient" : "momentum";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new RMSpropStep(step.LearningRate) { Rho = Rho, Momentum = Momentum, Epsilon = Epsilon, Preparation = step.Preparation };
        Span<float> mean = Centered ? slots[1] : [], momentum = Momentum == 0 ? [] : slots[SlotCount - 1];
        OptimizerKernels.RMSprop(workers, kernel, weights, gradients, slots[0], mean, momentum);
    }
}
