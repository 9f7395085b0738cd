using System.Globalization;
using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>What Compile decides and training changes: losses, metrics, optimizer state, the step counter and the plans.</summary>
internal sealed partial class CompiledModel
{
    private readonly Model _model;
    private readonly PlanCache _trainingPlans;
    private readonly PlanCache _evaluationPlans;
    private readonly Parameter[] _trainable;
    private readonly LayerFlag[] _layerFlags;
    private readonly WeightRule[] _constrained;
    private ulong _epochs;
    private readonly Dictionary<string, Metric> _metricOf = [];
    private WeightCopy? _stateBeforeStep;
    private RecurrentLayer[]? _stateful;

    public CompiledModel(Model model, CompileSettings settings, IReadOnlyList<IReadOnlyList<Metric>> metrics, IReadOnlyList<IReadOnlyList<Metric>> weightedMetrics)
    {
        _model = model;
        Optimizer = settings.Optimizer;
        Losses = settings.Losses;
        LossWeights = settings.LossWeights;
        Metrics = metrics;
        WeightedMetrics = weightedMetrics;
        _trainable = [.. model.TrainableParameters()];
        _layerFlags = [.. LayerFlags(model)];
        _constrained = [.. model.AllWeightRules().Where(rule => rule is { Constraint: not null, Parameter.Trainable: true })];
        OptimizerState = Optimizer.CreateState(WeightSegments.Of(_trainable));
        Keys = LogKeys();
        TrainingLogs = new RunningLogs(this);
        EvaluationLogs = new RunningLogs(this);
        Workers = new Workers(model.Kernels, model.Threads);
        _trainingPlans = new PlanCache((data, batch) => Plan(training: true, data, batch));
        _evaluationPlans = new PlanCache((data, batch) => Plan(training: false, data, batch));
    }

    public Model Model => _model;

    public Optimizer Optimizer { get; }

    public IReadOnlyList<Loss> Losses { get; }

    public IReadOnlyList<double> LossWeights { get; }

    public IReadOnlyList<IReadOnlyList<Metric>> Metrics { get; }

    public IReadOnlyList<IReadOnlyList<Metric>> WeightedMetrics { get; }

    public OptimizerState OptimizerState { get; }

    public Workers Workers { get; }

    /// <summary>Keys of the logs, <c>loss</c> first.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The present epoch's numbers.</summary>
    public RunningLogs TrainingLogs { get; }

    /// <summary>The present evaluation's numbers: a callback may evaluate in the middle of an epoch.</summary>
    public RunningLogs EvaluationLogs { get; }

    /// <summary>The metric under a key of <see cref="Keys"/>; null for a loss.</summary>
    public Metric? MetricOf(string key) => _metricOf.GetValueOrDefault(key);

    /// <summary>Copies aside what a forward pass changes: moving statistics and recurrent states.</summary>
    public void KeepState()
    {
        _stateBeforeStep ??= new WeightCopy(LayersBelow(_model).SelectMany(layer => layer.StateParameters).Distinct());
        _stateful ??= [.. LayersBelow(_model).OfType<RecurrentLayer>().Where(layer => layer.Stateful).Distinct()];
        _stateBeforeStep.Take();
        foreach (RecurrentLayer layer in _stateful)
            layer.KeepState();
    }

    /// <summary>Makes it again what it was at <see cref="KeepState"/>: a refused step leaves no trace.</summary>
    public void GiveStateBack()
    {
        _stateBeforeStep!.Restore();
        foreach (RecurrentLayer layer in _stateful!)
            layer.GiveStateBack();
    }

    /// <summary>Training steps so far, over all calls of Fit.</summary>
    public ulong Step { get; set; }

    /// <summary>
    /// The number that names the order of an epoch's samples: counts on from one Fit to the next, and at least the epoch's own number, so
    /// that a training resumed at epoch n shuffles as if it had never stopped.
    /// </summary>
    public ulong BeginEpoch(int epoch)
    {
        ulong number = Math.Max(_epochs, (ulong)epoch);
        _epochs = number + 1;
        return number;
    }

    /// <summary>
    /// Freezing after Compile would leave the optimizer with other weights than the graph, and recorded steps with layers that go on as before:
    /// refuse it. Layers count beside weights: one without trainable weights may still behave otherwise when frozen.
    /// </summary>
    public void CheckTrainable()
    {
        if (!_trainable.AsSpan().SequenceEqual([.. _model.TrainableParameters()]) || !_layerFlags.AsSpan().SequenceEqual([.. LayerFlags(_model)]))
            throw new InvalidOperationException($"Model '{_model.Name}': Trainable was changed after Compile; call Compile again so that the optimizer learns which weights it owns.");
    }

    /// <summary>Brings constrained weights back into their bounds; after each update.</summary>
    public void ApplyConstraints()
    {
        foreach (WeightRule rule in _constrained)
            rule.Constraint!.Apply(rule.Parameter.Value.AsSpan(), rule.Parameter.Shape);
    }

    public StepPlan TrainingPlan(SampleSet data, int batch) => _trainingPlans.For(data, batch);

    public StepPlan EvaluationPlan(SampleSet data, int batch) => _evaluationPlans.For(data, batch);

    private static IEnumerable<LayerFlag> LayerFlags(Model model) => LayersBelow(model).Select(layer => new LayerFlag(layer, layer.Trainable));

    // At any depth, in the models' order.
    private static IEnumerable<Layer> LayersBelow(Layer layer) => layer.Sublayers.SelectMany(inner => LayersBelow(inner).Prepend(inner));

    private List<string> LogKeys()
    {
        List<string> keys = ["loss"];
        bool several = Losses.Count > 1;
        if (several)
            keys.AddRange(_model.OutputNames.Select(name => name + "_loss"));
        for (int i = 0; i < Metrics.Count; i++)
        {
            foreach (Metric metric in Metrics[i])
                AddKey(keys, several ? _model.OutputNames[i] + "_" : "", "", metric);
        }
        for (int i = 0; i < WeightedMetrics.Count; i++)
        {
            foreach (Metric metric in WeightedMetrics[i])
                AddKey(keys, several ? _model.OutputNames[i] + "_" : "", "weighted_", metric);
        }
        return keys;
    }

    // As Keras: a weighted metric says so, and any other is numbered, only where its name is taken.
    private void AddKey(List<string> keys, string output, string kind, Metric metric)
    {
        string key = output + metric.Name;
        if (kind.Length > 0 && keys.Contains(key))
            key = output + kind + metric.Name;
        string candidate = key;
        for (int number = 1; keys.Contains(candidate); number++)
            candidate = string.Create(CultureInfo.InvariantCulture, $"{key}_{number}");
        keys.Add(candidate);
        _metricOf.Add(candidate, metric);
    }

    private StepPlan Plan(bool training, SampleSet data, int batch)
        => new(_model, this, training, data, batch, Workers, _model.PoisonsMemory);

    /// <summary>Whether a layer is trained. Layers have no equality of their own: it is the very layer that is compared.</summary>
    private sealed record LayerFlag(Layer Layer, bool Trainable);
}
