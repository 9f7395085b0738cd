using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>What Compile was given: saved with the model and given to Compile again by loading.</summary>
/// <param name="Optimizer">Moves the weights.</param>
/// <param name="Losses">One an output.</param>
/// <param name="LossWeights">What each loss is multiplied by in the total.</param>
/// <param name="Metrics">One list an output, as given: <see cref="Metric.Accuracy"/> is not resolved here.</param>
internal sealed record CompileSettings(
    Optimizer Optimizer,
    IReadOnlyList<Loss> Losses,
    IReadOnlyList<double> LossWeights,
    IReadOnlyList<IReadOnlyList<Metric>> Metrics)
{
    /// <summary>One list an output: metrics that weigh samples as the loss does.</summary>
    public IReadOnlyList<IReadOnlyList<Metric>> WeightedMetrics { get; init; } = [.. Losses.Select(_ => Array.Empty<Metric>())];
}
