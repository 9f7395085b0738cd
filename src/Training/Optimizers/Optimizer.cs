using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// How weights follow their gradients. An optimizer is an immutable description with Keras 3's defaults; moments and the step counter live
/// in the <see cref="OptimizerState"/> it creates.
/// </summary>
/// <remarks>
/// A step is: clip the gradients, <c>w −= w · weight decay · lr</c>, update with <c>lr = LearningRate.At(steps done)</c>. t counts from 1, ε = 1e-7.
/// </remarks>
public abstract partial class Optimizer
{
    /// <summary>Names an optimizer.</summary>
    /// <param name="name">Keras's class name in lower case, for example <c>adam</c>.</param>
    /// <param name="learningRate">A number or a schedule.</param>
    protected Optimizer(string name, LearningRate learningRate)
    {
        Name = name;
        LearningRate = learningRate;
    }

    /// <summary>Keras's name.</summary>
    public string Name { get; }

    /// <summary>The step width: a number or a schedule.</summary>
    public LearningRate LearningRate { get; init; }

    /// <summary>When set, each variable's gradient is shortened to this L2 norm at most: <c>g · c / max(|g|, c)</c>.</summary>
    public double? ClipNorm { get; init => field = Checked(value, nameof(ClipNorm)); }

    /// <summary>When set, each entry of a gradient is cut to [−c, c].</summary>
    public double? ClipValue { get; init => field = Checked(value, nameof(ClipValue)); }

    /// <summary>When set, all gradients together are shortened to this L2 norm at most.</summary>
    public double? GlobalClipNorm { get; init => field = Checked(value, nameof(GlobalClipNorm)); }

    /// <summary>When set, <c>w −= w · weight decay · lr</c> before each update: decoupled, as in AdamW.</summary>
    public double? WeightDecay { get; init => field = value is null ? null : Ranges.NotNegative(value.Value, "Optimizer", nameof(WeightDecay)); }

    /// <summary>Float arrays of moments that a segment needs.</summary>
    public abstract int SlotCount { get; }

    /// <summary>The value a slot starts with.</summary>
    /// <param name="slot">0 … <see cref="SlotCount"/> − 1.</param>
    public virtual float SlotStart(int slot) => 0f;

    /// <summary>What a slot holds, as Keras names it in saved files: <c>momentum</c>, <c>velocity</c>, …</summary>
    /// <param name="slot">0 … <see cref="SlotCount"/> − 1.</param>
    public abstract string SlotName(int slot);

    /// <summary>Creates moments and counter for some weights.</summary>
    /// <param name="segments">All weights that are to be updated.</param>
    /// <exception cref="ArgumentException">More than one kind of clipping is set.</exception>
    public OptimizerState CreateState(IReadOnlyList<WeightSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        int clips = (ClipNorm is null ? 0 : 1) + (ClipValue is null ? 0 : 1) + (GlobalClipNorm is null ? 0 : 1);
        if (clips > 1)
            throw new ArgumentException($"Optimizer {Name}: {clips} kinds of clipping are set; expected one of ClipNorm, ClipValue and GlobalClipNorm at most.");
        return new OptimizerState(this, segments);
    }

    /// <summary>Updates one segment in one pass over its memory.</summary>
    /// <param name="workers">Threads and kernels.</param>
    /// <param name="step">Step number, learning rate, and what is left to do to the gradients.</param>
    /// <param name="weights">Updated in place.</param>
    /// <param name="gradients">Before <see cref="UpdateStep.Preparation"/>.</param>
    /// <param name="slots">The segment's moments, updated in place.</param>
    protected internal abstract void Update(Workers workers, in UpdateStep step, Span<float> weights, ReadOnlySpan<float> gradients, in OptimizerSlots slots);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static double? Checked(double? value, string name)
        => value is null ? null : Ranges.Positive(value.Value, "Optimizer", name);
}
