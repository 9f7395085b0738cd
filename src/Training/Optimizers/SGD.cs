using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Gradient descent: <c>w −= lr · g</c>. With momentum <c>m = μ m − lr g</c>, <c>w += m</c>; <see cref="Nesterov"/>: <c>w += μ m − lr g</c>.
/// </summary>
/// <param name="learningRate">A number or a schedule.</param>
public sealed class SGD(LearningRate learningRate) : Optimizer("sgd", learningRate)
{
    /// <summary>Learning rate 0.01.</summary>
    public SGD()
        : this(0.01)
    {
    }

    /// <summary>μ, 0 … below 1; 0 keeps no moments.</summary>
    public double Momentum { get; init => field = Ranges.Decay(value, "SGD", nameof(Momentum)); }

    /// <summary>True to look ahead along the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override int SlotCount => Momentum == 0 ? 0 : 1;

    /// <inheritdoc/>
    public override string SlotName(int slot) => "momentum";

    /// <inheritdoc/>
    protected internal override void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots)
    {
        var kernel = new SGDStep(step.LearningRate) { Momentum = Momentum, Nesterov = Nesterov, Preparation = step.Preparation };
        OptimizerKernels.SGD(workers, kernel, weights, gradients, Momentum == 0 ? [] : slots[0]);
    }
}
