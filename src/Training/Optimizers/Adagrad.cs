using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Divides by the root of all squares so far: <c>a += g²</c>, <c>w −= lr g / √(a + ε)</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
/// <remarks>Duchi, Hazan and Singer, 2011.</remarks>
public sealed class Adagrad(LearningRate learningRate) : Optimizer("adagrad", learningRate)
{
    /// <summary>Learning rate 0.001.</summary>
    public Adagrad()
        : this(0.001)
    {
    }

    /// <summary>What a starts with.</summary>
    public double InitialAccumulatorValue { get; init => field = Ranges.NotNegative(value, "Adagrad", nameof(InitialAccumulatorValue)); } = 0.1;

    /// <summary>ε, inside the root.</summary>
    public double Epsilon { get; init => field = Ranges.NotNegative(value, "Adagrad", nameof(Epsilon)); } = 1e-7;

    /// <inheritdoc/>
    public override int SlotCount => 1;

    /// <inheritdoc/>
    public override float SlotStart(int slot) => (float)InitialAccumulatorValue;

    /// <inheritdoc/>
    public override string SlotName(int slot) => "accumulator";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new AdagradStep(step.LearningRate) { Epsilon = Epsilon, Preparation = step.Preparation };
        OptimizerKernels.Adagrad(workers, kernel, weights, gradients, slots[0]);
    }
}
