using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Training;

namespace FlatFuse.Models;

public partial class Model
{
    private CompiledModel? _compiled;
    private Model[]? _modelsInside;

    /// <summary>Threads that Fit and Predict share their work with; <c>FLATFUSE_THREADS</c> or the number of processors when null. Never changes a bit.</summary>
    public int? Threads { get; init; }

    /// <summary>The kernel set of Fit and Predict; <see cref="KernelSets.Default"/> when null.</summary>
    public KernelSet? Kernels { get; init; }

    /// <summary>True once <see cref="Compile(Optimizer, Loss, IReadOnlyList{Metric}?, IReadOnlyList{Metric}?)"/> was called.</summary>
    public bool IsCompiled => CompileSettings is not null;

    /// <summary>A test switch: memory given back to the arena is filled with NaN.</summary>
    internal bool PoisonsMemory { get; init; }

    /// <summary>Who uses the model at present.</summary>
    internal UsageGate Gate { get; } = new();

    /// <summary>This model and every model inside it, once each.</summary>
    internal Model[] ModelsInside => _modelsInside ??= [.. ModelsBelow(this).Distinct(ReferenceEqualityComparer.Instance).Cast<Model>()];

    /// <summary>What Compile was given; null before.</summary>
    internal CompileSettings? CompileSettings { get; private set; }

    /// <inheritdoc/>
    internal override bool CanReplay => GetType().Assembly == typeof(Model).Assembly && PenaltiesCanReplay && Layers.All(layer => layer.CanReplay);

    /// <inheritdoc/>
    internal override bool KeepsState => KeepsStateOf(Layers);

    /// <summary>Chooses how the model is trained, with one loss for every output.</summary>
    /// <param name="optimizer">Moves the weights.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="metrics">What is measured beside it, on every output.</param>
    /// <param name="weightedMetrics">The same for metrics that weigh samples as the loss does.</param>
    public void Compile(Optimizer optimizer, Loss loss, IReadOnlyList<Metric>? metrics = null, IReadOnlyList<Metric>? weightedMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Compile(
            optimizer,
            Enumerable.Repeat(loss, OutputCount).ToArray(),
            Enumerable.Repeat(metrics ?? [], OutputCount).ToArray(),
            lossWeights: null,
            Enumerable.Repeat(weightedMetrics ?? [], OutputCount).ToArray());
    }

    /// <summary>Chooses how the model is trained, by the names of its outputs (the names of the layers that make them).</summary>
    /// <param name="optimizer">Moves the weights.</param>
    /// <param name="losses">One an output.</param>
    /// <param name="metrics">A list for some outputs, or null for none.</param>
    /// <param name="lossWeights">What a loss is multiplied by in the total; 1 for outputs that are missing.</param>
    /// <param name="weightedMetrics">A list for some outputs: metrics that weigh samples as the loss does.</param>
    /// <exception cref="ArgumentException">A name is not an output's, or an output has no loss.</exception>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public void Compile(
        Optimizer optimizer,
        IReadOnlyDictionary<string, Loss> losses,
        IReadOnlyDictionary<string, IReadOnlyList<Metric>>? metrics = null,
        IReadOnlyDictionary<string, double>? lossWeights = null,
        IReadOnlyDictionary<string, IReadOnlyList<Metric>>? weightedMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(losses);
        CheckOutputNames(losses.Keys, "loss");
        CheckOutputNames(metrics?.Keys, "metric list");
        CheckOutputNames(lossWeights?.Keys, "loss weight");
        CheckOutputNames(weightedMetrics?.Keys, "weighted metric list");
        Compile(
            optimizer,
            [.. OutputNames.Select(name => losses.TryGetValue(name, out Loss? loss) ? loss : throw new ArgumentException($"Model '{Name}': output '{name}' has no loss; give one for each of {string.Join(", ", OutputNames)}.", nameof(losses)))],
            [.. OutputNames.Select(name => metrics?.GetValueOrDefault(name) ?? [])],
            [.. OutputNames.Select(name => lossWeights is not null && lossWeights.TryGetValue(name, out double weight) ? weight : 1)],
            [.. OutputNames.Select(name => weightedMetrics?.GetValueOrDefault(name) ?? [])]);
    }

    /// <summary>Chooses how the model is trained, output by output. Compiling again starts with fresh optimizer state.</summary>
    /// <param name="optimizer">Moves the weights.</param>
    /// <param name="losses">One an output.</param>
    /// <param name="metrics">One list an output, or null for none.</param>
    /// <param name="lossWeights">What each loss is multiplied by in the total; 1 when null.</param>
    /// <param name="weightedMetrics">One list an output: metrics that weigh samples as the loss does; null for none.</param>
    /// <exception cref="ArgumentException">There are not as many losses, metric lists or weights as outputs.</exception>
    public void Compile(
        Optimizer optimizer,
        IReadOnlyList<Loss> losses,
        IReadOnlyList<IReadOnlyList<Metric>>? metrics = null,
        IReadOnlyList<double>? lossWeights = null,
        IReadOnlyList<IReadOnlyList<Metric>>? weightedMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(losses);
        CheckOutputCount(losses.Count, "losses");
        CheckOutputCount(metrics?.Count ?? OutputCount, "metric lists");
        CheckOutputCount(lossWeights?.Count ?? OutputCount, "loss weights");
        CheckOutputCount(weightedMetrics?.Count ?? OutputCount, "weighted metric lists");
        if (losses.FirstOrDefault(loss => loss.Reduction == LossReduction.None) is { } unreduced)
            throw new ArgumentException($"Model '{Name}': {unreduced.Name} with reduction None gives a number a sample, and training needs one a batch; choose SumOverBatchSize.", nameof(losses));
        var settings = new CompileSettings(
            optimizer,
            [.. losses],
            lossWeights ?? Ones(losses.Count),
            metrics ?? [.. losses.Select(_ => Array.Empty<Metric>())])
        {
            WeightedMetrics = weightedMetrics ?? [.. losses.Select(_ => Array.Empty<Metric>())],
        };
        using ModelUse use = ModelUse.Exclusive(this, "compiled");
        _compiled = HasGraph ? CompileGraph(settings) : null;
        CompileSettings = settings;
    }

    internal IEnumerable<Parameter> TrainableParameters()
        => Weights.Select(weight => weight.Parameter).Where(parameter => parameter.Trainable);

    // A Sequential that does not know its input yet has one output all the same.
    private int OutputCount => HasGraph ? Outputs.Count : 1;

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }

    // -1 for a size that is not known.
    private static int[] Sizes(SymbolicShape shape)
    {
        var sizes = new int[shape.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i] ?? -1;
        return sizes;
    }

    private CompiledModel CompileGraph(CompileSettings settings)
    {
        for (int i = 0; i < settings.Losses.Count; i++)
            settings.Losses[i].CheckOutput(Sizes(Outputs[i].Shape), $"output '{OutputNames[i]}'");
        ParameterHome.Move(Weights.Select(weight => weight.Parameter));
        return new CompiledModel(this, settings, Resolve(settings, settings.Metrics), Resolve(settings, settings.WeightedMetrics));
    }

    private IReadOnlyList<Metric>[] Resolve(CompileSettings settings, IReadOnlyList<IReadOnlyList<Metric>> given)
    {
        var metrics = new IReadOnlyList<Metric>[given.Count];
        for (int i = 0; i < metrics.Length; i++)
        {
            SymbolicShape output = Outputs[i].Shape;
            Loss loss = settings.Losses[i];
            metrics[i] = [.. given[i].Select(metric => metric.Resolve([.. output], [], loss))];
        }
        return metrics;
    }

    private void CheckOutputNames(IEnumerable<string>? names, string what)
    {
        if (names?.FirstOrDefault(name => !OutputNames.Contains(name)) is { } stranger)
            throw new ArgumentException($"Model '{Name}': a {what} is given for '{stranger}', which is none of its outputs; they are {string.Join(", ", OutputNames)}.");
    }

    private void CheckOutputCount(int count, string what)
    {
        if (count != OutputCount)
            throw new ArgumentException($"Model '{Name}' has {OutputCount} outputs{(HasGraph ? $" ({string.Join(", ", OutputNames)})" : "")}; received {count} {what}.");
    }

    // Plans and optimizer state belong to one graph; a Sequential that gains or loses a layer starts new ones.
    private void ForgetPlans()
    {
        _compiled = null;
        _modelsInside = null;
        _lanes.Clear();
    }

    private static IEnumerable<Model> ModelsBelow(Layer layer)
    {
        IEnumerable<Model> inside = layer.Sublayers.SelectMany(ModelsBelow);
        return layer is Model model ? inside.Prepend(model) : inside;
    }

    private void RequireCompileSettings(string verb)
    {
        if (CompileSettings is null)
            throw new InvalidOperationException($"Model '{Name}' is not compiled: call Compile(optimizer, loss) before {verb}.");
    }

    /// <summary>Builds a model that learns its input's shape from the first data, and compiles its graph.</summary>
    private CompiledModel CompiledFor(IReadOnlyList<Tensors.Tensor> x)
    {
        EnsureBuilt([.. x.Select(tensor => SymbolicShape.Of(tensor.Shape))]);
        return _compiled ??= CompileGraph(CompileSettings!);
    }
}
