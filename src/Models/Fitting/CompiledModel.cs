using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>What Compile decides and training changes: losses, metrics, optimizer state, the step counter and the plans.</summary>
internal sealed class CompiledModel
{
    private readonly Model _model;
    private readonly List<StepPlan> _trainingPlans = [];
    private readonly List<StepPlan> _evaluationPlans = [];
    private readonly Parameter[] _trainable;
    private readonly MetricState[][] _metrics;
    private readonly double[] _lossSums;
    private double _samples;

    public CompiledModel(
        Model model,
        Optimizer optimizer,
        IReadOnlyList<Loss> losses,
        IReadOnlyList<double> lossWeights,
        IReadOnlyList<IReadOnlyList<Metric>> metrics)
    {
        _model = model;
        Optimizer = optimizer;
        Losses = losses;
        LossWeights = lossWeights;
        Metrics = metrics;
        _trainable = [.. model.TrainableParameters()];
        OptimizerState = optimizer.CreateState(WeightSegments.Of(_trainable));
        _metrics = [.. metrics.Select(list => list.Select(metric => metric.CreateState()).ToArray())];
        _lossSums = new double[losses.Count];
        Keys = LogKeys();
        Values = new double[Keys.Count];
        Workers = new Workers(model.Kernels, model.Threads);
    }

    public Optimizer Optimizer { get; }

    public IReadOnlyList<Loss> Losses { get; }

    public IReadOnlyList<double> LossWeights { get; }

    public IReadOnlyList<IReadOnlyList<Metric>> Metrics { get; }

    public OptimizerState OptimizerState { get; }

    public Workers Workers { get; }

    /// <summary>Keys of the logs, <c>loss</c> first.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The running numbers, one a key; see <see cref="UpdateValues"/>.</summary>
    public double[] Values { get; }

    /// <summary>Training steps so far, over all calls of Fit.</summary>
    public ulong Step { get; set; }

    /// <summary>Freezing after Compile would leave the optimizer with other weights than the graph: refuse it.</summary>
    public void CheckTrainable()
    {
        if (!_trainable.AsSpan().SequenceEqual([.. _model.TrainableParameters()]))
            throw new InvalidOperationException($"Model '{_model.Name}': Trainable was changed after Compile; call Compile again so that the optimizer learns which weights it owns.");
    }

    public StepPlan TrainingPlan(SampleSet data, int batch) => PlanFor(_trainingPlans, training: true, data, batch);

    public StepPlan EvaluationPlan(SampleSet data, int batch) => PlanFor(_evaluationPlans, training: false, data, batch);

    public void ResetLogs()
    {
        _samples = 0;
        Array.Clear(_lossSums);
        foreach (MetricState[] states in _metrics)
        {
            foreach (MetricState state in states)
                state.Reset();
        }
    }

    /// <summary>Adds a batch to the running numbers and returns its total loss.</summary>
    public double Count(StepPlan plan)
    {
        double total = 0;
        for (int i = 0; i < _lossSums.Length; i++)
        {
            double loss = plan.LossOf(i);
            total += LossWeights[i] * loss;
            _lossSums[i] += loss * plan.BatchSize;
        }
        _samples += plan.BatchSize;
        for (int i = 0; i < _metrics.Length; i++)
        {
            foreach (MetricState state in _metrics[i])
                state.Update(plan.Targets[i], plan.Outputs[i].Value);
        }
        return total;
    }

    /// <summary>Brings <see cref="Values"/> up to date: losses are the batches' means weighted by batch size.</summary>
    public void UpdateValues()
    {
        int position = 1;
        Values[0] = 0;
        for (int i = 0; i < _lossSums.Length; i++)
        {
            double mean = _lossSums[i] / _samples;
            Values[0] += LossWeights[i] * mean;
            if (_lossSums.Length > 1)
                Values[position++] = mean;
        }
        foreach (MetricState[] states in _metrics)
        {
            foreach (MetricState state in states)
                Values[position++] = state.Result;
        }
    }

    private List<string> LogKeys()
    {
        List<string> keys = ["loss"];
        bool several = Losses.Count > 1;
        if (several)
            keys.AddRange(_model.OutputNames.Select(name => name + "_loss"));
        for (int i = 0; i < Metrics.Count; i++)
            keys.AddRange(Metrics[i].Select(metric => several ? $"{_model.OutputNames[i]}_{metric.Name}" : metric.Name));
        return keys;
    }

    private StepPlan PlanFor(List<StepPlan> plans, bool training, SampleSet data, int batch)
    {
        foreach (StepPlan known in plans)
        {
            if (known.Fits(data, batch))
                return known;
        }
        var plan = new StepPlan(_model, this, training, data, batch, Workers, _model.PoisonsMemory);
        plans.Add(plan);
        return plan;
    }
}
