using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>
/// One step of a model for one batch shape: the first run computes the graph eagerly and records it, later runs replay the
/// recorded nodes into the same arena memory. Steady state therefore makes no new object.
/// </summary>
/// <remarks>
/// A model with a layer that decides in code of its own what to compute cannot be replayed: it runs eagerly each time, in the
/// same arena.
/// </remarks>
internal sealed class StepPlan
{
    private static readonly Tensor<float> One = Tensor.Full(1f);

    private readonly Model _model;
    private readonly IReadOnlyList<Loss> _losses;
    private readonly bool _training;
    private readonly bool _replays;
    private readonly bool _measures;
    private readonly long _seed;
    private readonly Workers _workers;
    private readonly Arena _arena;
    private readonly Tensor<float>[] _inputs;
    private readonly Tensor<float>[] _targets;
    private readonly Tensor<float>?[] _weights;
    private readonly Tensor<float>[] _seeds;
    private readonly Tensor<float>?[] _metricWeights;
    private Variable?[] _masks = [];
    private CallContext? _context;
    private Tape? _tape;
    private Variable[] _outputs = [];
    private Variable[] _lossValues = [];
    private Variable[] _addedLosses = [];
    private BackwardPass? _backward;
    private Parameter[] _unreached = [];

    public StepPlan(Model model, CompiledModel? compiled, bool training, SampleSet data, int batch, Workers workers, bool poison)
    {
        _model = model;
        _losses = compiled?.Losses ?? [];
        _training = training;
        _measures = compiled is not null;
        _replays = model.CanReplay;
        _seed = model.Seed;
        _workers = workers;
        _arena = new Arena(poison);
        var batches = new Arena();
        _inputs = AllocateBatch(batches, data.Inputs, batch);
        _targets = AllocateBatch(batches, data.Targets, batch);
        _weights = AllocateBatch(batches, data.Weights, batch);
        _metricWeights = new Tensor<float>?[_weights.Length];
        _seeds = [.. _losses.Select((_, i) => Tensor.From([(float)compiled!.LossWeights[i]]).Reshape())];
    }

    public ReadOnlySpan<Variable> Outputs => _outputs;

    public ReadOnlySpan<Tensor<float>> Inputs => _inputs;

    public ReadOnlySpan<Tensor<float>> Targets => _targets;

    /// <summary>One an output; null where its samples weigh the same.</summary>
    public ReadOnlySpan<Tensor<float>?> Weights => _weights;

    /// <summary>What weighted metrics weigh an output's entries with: the sample weights, 0 where its mask is; null when all weigh the same.</summary>
    public Tensor<float>? MetricWeights(int output)
    {
        if (_weights[output] is not { } weights || _masks[output] is not { } mask)
            return _weights[output];
        Tensor<float> combined = _metricWeights[output] ??= Tensor.Zeros<float>(mask.Shape);
        ReadOnlySpan<float> m = mask.Value.AsSpan(), w = weights.AsSpan();
        Span<float> product = combined.AsSpan();
        int entries = m.Length / w.Length;
        for (int i = 0; i < product.Length; i++)
            product[i] = m[i] * w[i / entries];
        return combined;
    }

    public int BatchSize => _inputs[0].Shape[0];

    public double LossOf(int output) => _lossValues[output].Value.AsSpan()[0];

    /// <summary>What regularizers and layers add to the weighted losses of the outputs.</summary>
    public double AddedLoss()
    {
        double sum = 0;
        foreach (Variable loss in _addedLosses)
            sum += loss.Value.AsSpan()[0];
        return sum;
    }

    /// <summary>True when a batch of that size of those samples runs through this plan.</summary>
    public bool Fits(SampleSet data, int batch)
    {
        if (BatchSize != batch || _inputs.Length != data.Inputs.Length || _targets.Length != data.Targets.Length)
            return false;
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!SameSample(_inputs[i], data.Inputs[i]))
                return false;
        }
        for (int i = 0; i < _targets.Length; i++)
        {
            if (!SameSample(_targets[i], data.Targets[i]) || !SameWeights(_weights[i], data.Weights[i]))
                return false;
        }
        return true;
    }

    /// <summary>
    /// Copies the batch that starts at <paramref name="start"/> of <paramref name="order"/> in (of the samples as they lie when it is empty) and
    /// computes outputs and losses.
    /// </summary>
    public void Forward(SampleSet data, ReadOnlySpan<int> order, int start, ulong step)
    {
        for (int i = 0; i < _inputs.Length; i++)
            SampleSet.Gather(_workers, data.Inputs[i], order, start, _inputs[i]);
        for (int i = 0; i < _targets.Length; i++)
        {
            SampleSet.Gather(_workers, data.Targets[i], order, start, _targets[i]);
            if (_weights[i] is { } weights)
                SampleSet.Gather(_workers, data.Weights[i]!, order, start, weights);
        }
        if (_tape is not null && _replays)
        {
            _context!.Step = step;
            _tape.Replay();
            return;
        }
        Capture(step);
    }

    /// <summary>Computes the gradient of the weighted sum of the losses with respect to every trainable weight.</summary>
    public void Backward()
    {
        foreach (Parameter parameter in _unreached)
            parameter.Gradient!.AsSpan().Clear();
        _backward?.Run();
    }

    private void Capture(ulong step)
    {
        _tape = null;
        _arena.Reset();
        var tape = new Tape();
        _context = new CallContext(_arena, _workers, _seed, _training, recording: _training) { Tape = tape, Step = step, CollectsLosses = _measures };
        var values = new LayerValue[_inputs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = _context.Constant(_inputs[i]);
        IReadOnlyList<LayerValue> outputs = _model.Run(values, _context);
        _outputs = [.. outputs.Select(output => output.Variable)];
        _masks = [.. outputs.Select(output => output.Mask)];
        _lossValues = new Variable[_losses.Count];
        for (int i = 0; i < _losses.Count; i++)
            _lossValues[i] = _losses[i].Compute(_targets[i], outputs[i].Variable, _weights[i], outputs[i].Mask);
        if (_measures)
            _model.AddWeightPenalties(_context);
        _addedLosses = [.. _context.Losses];
        if (_training)
            PlanBackward();
        _tape = tape;
    }

    private void PlanBackward()
    {
        // A loss that depends on no trainable weight (a frozen branch) has no backward pass.
        var roots = new List<Variable>();
        var seeds = new List<Tensor<float>>();
        for (int i = 0; i < _lossValues.Length; i++)
            AddRoot(_lossValues[i], _seeds[i]);
        foreach (Variable loss in _addedLosses)
            AddRoot(loss, One);
        _backward = roots.Count == 0 ? null : BackwardPass.Plan(roots, seeds);
        _unreached = [.. _model.TrainableParameters().Where(parameter => _backward?.Reaches(parameter) != true)];

        void AddRoot(Variable loss, Tensor<float> seed)
        {
            if (!loss.RequiresGradient)
                return;
            roots.Add(loss);
            seeds.Add(seed);
        }
    }

    private static bool SameSample(Tensor<float> batch, Tensor<float> data) => batch.Shape[1..].SequenceEqual(data.Shape[1..]);

    private static bool SameWeights(Tensor<float>? batch, Tensor<float>? data)
        => batch is null ? data is null : data is not null && SameSample(batch, data);

    private static Tensor<float>[] AllocateBatch(Arena arena, ReadOnlySpan<Tensor<float>?> data, int batch)
    {
        var tensors = new Tensor<float>[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i] is not { } source)
                continue;
            int[] shape = source.Shape.ToArray();
            shape[0] = batch;
            tensors[i] = arena.Allocate(shape);
        }
        return tensors;
    }
}
