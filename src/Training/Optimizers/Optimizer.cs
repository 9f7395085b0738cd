using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// How weights follow their gradients. An optimizer is an immutable description with Keras 3's defaults; moments and the step counter live
/// in the <see cref="OptimizerState"/> it creates.
/// </summary>
/// <remarks>
/// A step is: average the gradients of <see cref="GradientAccumulationSteps"/> batches, clip them, <c>w −= w · weight decay · lr</c>, update with <c>lr = LearningRate.At(steps done)</c>. t counts from 1, ε = 1e-7.
/// </remarks>
public abstract partial class Optimizer
{
    // Fields of their own, so that reading a description can set them for every optimizer at once.
    private double? _clipNorm;
    private double? _clipValue;
    private double? _globalClipNorm;
    private double? _weightDecay;
    private bool _useEma;
    private double _emaMomentum = 0.99;
    private int? _emaOverwriteFrequency;
    private int? _gradientAccumulationSteps;

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
    public double? ClipNorm
    {
        get => _clipNorm;
        init => _clipNorm = Checked(value, nameof(ClipNorm));
    }

    /// <summary>When set, each entry of a gradient is cut to [−c, c].</summary>
    public double? ClipValue
    {
        get => _clipValue;
        init => _clipValue = Checked(value, nameof(ClipValue));
    }

    /// <summary>When set, all gradients together are shortened to this L2 norm at most.</summary>
    public double? GlobalClipNorm
    {
        get => _globalClipNorm;
        init => _globalClipNorm = Checked(value, nameof(GlobalClipNorm));
    }

    /// <summary>When set, <c>w −= w · weight decay · lr</c> before each update: decoupled, as in AdamW.</summary>
    public double? WeightDecay
    {
        get => _weightDecay;
        init => SetWeightDecay(value);
    }

    /// <summary>
    /// True to keep an exponential moving average of the weights, <c>a = μ a + (1 − μ) w</c> after each step (a = w after the first). The end of
    /// Fit gives the weights their average's values, and <see cref="EmaOverwriteFrequency"/> does so on the way.
    /// </summary>
    public bool UseEma
    {
        get => _useEma;
        init => _useEma = value;
    }

    /// <summary>μ of <see cref="UseEma"/>, 0 … 1.</summary>
    public double EmaMomentum
    {
        get => _emaMomentum;
        init => _emaMomentum = CheckedMomentum(value);
    }

    /// <summary>Steps after which the weights are overwritten by their average, again and again; null for only at the end of Fit.</summary>
    public int? EmaOverwriteFrequency
    {
        get => _emaOverwriteFrequency;
        init => _emaOverwriteFrequency = CheckedCount(value, nameof(EmaOverwriteFrequency), least: 1);
    }

    /// <summary>Batches whose gradients are averaged for one update; null to update at every batch. Weights stay as they are between updates.</summary>
    public int? GradientAccumulationSteps
    {
        get => _gradientAccumulationSteps;
        init => _gradientAccumulationSteps = CheckedCount(value, nameof(GradientAccumulationSteps), least: 2);
    }

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

    /// <summary>Sets the kinds of clipping; only while the optimizer is being made.</summary>
    internal void SetClipping(double? norm, double? value, double? globalNorm)
    {
        _clipNorm = Checked(norm, nameof(ClipNorm));
        _clipValue = Checked(value, nameof(ClipValue));
        _globalClipNorm = Checked(globalNorm, nameof(GlobalClipNorm));
    }

    /// <summary>Sets the weight decay; only while the optimizer is being made.</summary>
    internal void SetWeightDecay(double? value)
        => _weightDecay = value is null ? null : Ranges.NotNegative(value.Value, "Optimizer", nameof(WeightDecay));

    /// <summary>Sets what does not depend on the kind of optimizer; only while it is being made.</summary>
    internal void SetAveraging(bool useEma, double emaMomentum, int? emaOverwriteFrequency, int? gradientAccumulationSteps)
    {
        _useEma = useEma;
        _emaMomentum = CheckedMomentum(emaMomentum);
        _emaOverwriteFrequency = CheckedCount(emaOverwriteFrequency, nameof(EmaOverwriteFrequency), least: 1);
        _gradientAccumulationSteps = CheckedCount(gradientAccumulationSteps, nameof(GradientAccumulationSteps), least: 2);
    }

    private static double CheckedMomentum(double value) => Ranges.Fraction(value, "Optimizer", nameof(EmaMomentum));

    private static int? CheckedCount(int? value, string name, int least)
        => value is null || value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Optimizer: {name} must be null or {least} or more.");

    private static double? Checked(double? value, string name)
        => value is null ? null : Ranges.Positive(value.Value, "Optimizer", name);
}
