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
            _slots[i] = new AlignedBuffer[optimizer.SlotCount];
            for (int slot = 0; slot < optimizer.SlotCount; slot++)
                _slots[i][slot] = new AlignedBuffer(_segments[i].Count);
        }
        Reset();
    }

    /// <summary>The description this state belongs to.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The segments, in the order given.</summary>
    public IReadOnlyList<WeightSegment> Segments => _segments;

    /// <summary>Steps done; set it to restore a saved state.</summary>
    public long Iterations { get; set; }

    /// <summary>The rate in use; a callback may replace it. Starts as the optimizer's.</summary>
    public LearningRate LearningRate { get; set; }

    /// <summary>The rate of the next step.</summary>
    public double CurrentLearningRate => LearningRate.At(Iterations);

    /// <summary>Float arrays that a segment has: what must be saved for training to go on alike.</summary>
    public int SlotCount => Optimizer.SlotCount;

    /// <summary>The moments of one segment: read them to save, write them to restore.</summary>
    /// <param name="segment">Index of the segment.</param>
    /// <param name="slot">0 … <see cref="Optimizer.SlotCount"/> − 1.</param>
    public Span<float> Slot(int segment, int slot) => _slots[segment][slot].Span[.._segments[segment].Count];

    /// <summary>Forgets everything: moments at their start, no step done.</summary>
    public void Reset()
    {
        Iterations = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            for (int slot = 0; slot < Optimizer.SlotCount; slot++)
                Slot(i, slot).Fill(Optimizer.SlotStart(slot));
        }
    }

    /// <summary>Updates all weights from the gradients that lie beside them.</summary>
    /// <param name="workers">Threads and kernels.</param>
    public void Step(Workers workers)
    {
        double learningRate = CurrentLearningRate;
        GradientPreparation preparation = GradientClipping.Prepare(workers, Optimizer, _segments);
        Iterations++;
        for (int i = 0; i < _segments.Length; i++)
        {
            WeightSegment segment = _segments[i];
            var step = new UpdateStep(
                Iterations,
                learningRate * segment.LearningRateScale,
                preparation with { WeightDecay = segment.Decays ? Optimizer.WeightDecay ?? 0 : 0 });
            Optimizer.Update(workers, step, segment.Weights.AsSpan(), segment.Gradients.AsSpan(), new OptimizerSlots(_slots[i], segment.Count));
        }
    }
}
