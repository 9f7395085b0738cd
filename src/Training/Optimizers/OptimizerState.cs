using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// The running side of an optimizer: moments of every segment and the step counter. <see cref="Step"/> allocates nothing; counter and slots
/// can be read and set, so that a saved training goes on with the same bits.
/// </summary>
public sealed class OptimizerState
{
    private readonly WeightSegment[] _segments;
    private readonly AlignedBuffer[][] _slots;

    internal OptimizerState(Optimizer optimizer, IReadOnlyList<WeightSegment> segments)
    {
        Optimizer = optimizer;
        LearningRate = optimizer.LearningRate;
        _segments = [.. segments];
        _slots = new AlignedBuffer[_segments.Length][];
        for (int i = 0; i < _segments.Length; i++)
        {
            _slots[i] = new AlignedBuffer[SlotCount];
            for (int slot = 0; slot < SlotCount; slot++)
                _slots[i][slot] = new AlignedBuffer(_segments[i].Count);
        }
        Reset();
    }

    /// <summary>The description this state belongs to.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The segments, in the order given.</summary>
    public IReadOnlyList<WeightSegment> Segments => _segments;

    /// <summary>Steps done, those that only sum gradients included; set it to restore a saved state.</summary>
    public long Iterations { get; set; }

    /// <summary>The rate in use; a callback may replace it. Starts as the optimizer's.</summary>
    public LearningRate LearningRate { get; set; }

    /// <summary>The rate of the next step.</summary>
    public double CurrentLearningRate => LearningRate.At(Iterations);

    /// <summary>Float arrays that a segment has, what must be saved for training to go on alike: the optimizer's, then the average of the weights, then the sum of
    /// gradients, where they are kept.</summary>
    public int SlotCount => Optimizer.SlotCount + (Optimizer.UseEma ? 1 : 0) + (Optimizer.GradientAccumulationSteps is null ? 0 : 1);

    /// <summary>The moments of one segment: read them to save, write them to restore.</summary>
    /// <param name="segment">Index of the segment.</param>
    /// <param name="slot">0 … <see cref="SlotCount"/> − 1.</param>
    public Span<float> Slot(int segment, int slot) => _slots[segment][slot].Span[.._segments[segment].Count];

    /// <summary>Forgets everything: moments at their start, no step done.</summary>
    public void Reset()
    {
        Iterations = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            for (int slot = 0; slot < SlotCount; slot++)
                Slot(i, slot).Fill(slot < Optimizer.SlotCount ? Optimizer.SlotStart(slot) : 0f);
        }
    }

    /// <summary>
    /// Updates all weights from the gradients that lie beside them; with <see cref="Optimizer.GradientAccumulationSteps"/> n only every n-th
    /// call does, from the mean of n gradients. A schedule counts calls, the moments' corrections count updates, as in Keras.
    /// </summary>
    /// <param name="workers">Threads and kernels.</param>
    public void Step(Workers workers)
    {
        int every = Optimizer.GradientAccumulationSteps ?? 1;
        long updates = Iterations / every;
        bool isUpdate = every == 1 || Accumulate(workers, every);
        if (isUpdate)
            Update(workers, updates + 1);
        if (Optimizer.UseEma)
            Average(workers, isFirst: updates == 0, overwrites: Optimizer.EmaOverwriteFrequency is { } frequency && (updates + 1) % frequency == 0);
        Iterations++;
    }

    /// <summary>The end of a training: with <see cref="Optimizer.UseEma"/> the weights take the values of their average.</summary>
    public void Finish()
    {
        if (!Optimizer.UseEma || Iterations == 0)
            return;
        for (int i = 0; i < _segments.Length; i++)
            AverageOf(i).CopyTo(_segments[i].Weights.AsSpan());
    }

    private Span<float> AverageOf(int segment) => Slot(segment, Optimizer.SlotCount);

    private void Update(Workers workers, long number)
    {
        double learningRate = CurrentLearningRate;
        GradientPreparation preparation = GradientClipping.Prepare(workers, Optimizer, _segments);
        for (int i = 0; i < _segments.Length; i++)
        {
            WeightSegment segment = _segments[i];
            var step = new UpdateStep(
                number,
                learningRate * segment.LearningRateScale,
                preparation with { WeightDecay = segment.Decays ? Optimizer.WeightDecay ?? 0 : 0 });
            Optimizer.Update(workers, step, segment.Weights.AsSpan(), segment.Gradients.AsSpan(), new OptimizerSlots(_slots[i], segment.Count));
        }
    }

    // Sums gradients; at the n-th call leaves their mean where the update reads it.
    private bool Accumulate(Workers workers, int every)
    {
        bool isUpdate = (Iterations + 1) % every == 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            Span<float> sum = Slot(i, SlotCount - 1), gradients = _segments[i].Gradients.AsSpan();
            if (!isUpdate)
            {
                Elementwise.Add(workers, sum, gradients, sum);
                continue;
            }
            Elementwise.Add(workers, sum, gradients, gradients);
            Elementwise.Scale(workers, gradients, 1f / every, gradients);
            sum.Clear();
        }
        return isUpdate;
    }

    private void Average(Workers workers, bool isFirst, bool overwrites)
    {
        for (int i = 0; i < _segments.Length; i++)
        {
            Span<float> average = AverageOf(i), weights = _segments[i].Weights.AsSpan();
            if (isFirst)
            {
                weights.CopyTo(average);
                continue;
            }
            Elementwise.Scale(workers, average, (float)Optimizer.EmaMomentum, average);
            Elementwise.AddScaled(workers, weights, (float)(1 - Optimizer.EmaMomentum), average);
            if (overwrites)
                average.CopyTo(weights);
        }
    }
}
