using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>How <see cref="Model.Fit(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, FitOptions?)"/> runs; Keras's defaults.</summary>
public sealed class FitOptions
{
    /// <summary>Passes over the data.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The number of the first epoch: to go on with a training, with the same shuffling as if it had not stopped. <see cref="Epochs"/> counts from 0 all the same.</summary>
    public int InitialEpoch { get; init; }

    /// <summary>Samples a step; the last batch of an epoch may be shorter. A model that declares its batch size uses that one.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>True to visit the samples in a new order each epoch.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The seed of the order, beside the model's own; another call of Fit goes on with new orders.</summary>
    public long Seed { get; init; }

    /// <summary>The share of the samples, taken from the end before any shuffling, that is only validated on: 0 … 1 excluded.</summary>
    public double ValidationSplit { get; init; }

    /// <summary>Data to validate on after each epoch; wins over <see cref="ValidationSplit"/>.</summary>
    public ValidationData? ValidationData { get; init; }

    /// <summary>Batches to validate on after each epoch, read anew each time; <see cref="ValidationData"/> wins over them.</summary>
    public IEnumerable<Batch>? ValidationBatches { get; init; }

    /// <summary>For streams: batches an epoch. The stream goes on from epoch to epoch and begins anew at its end; when null, an epoch is the whole stream.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>A weight a sample, for every output: (samples,), or the shape of the loss entries. The loss is Σ w·loss / count.</summary>
    public Tensor<float>? SampleWeight { get; init; }

    /// <summary>Weights of samples output by output, null where an output's samples weigh the same; instead of <see cref="SampleWeight"/>.</summary>
    public IReadOnlyList<Tensor<float>?>? SampleWeights { get; init; }

    /// <summary>A weight a class, by label (arg max of one-hot rows); classes that are missing weigh 1.</summary>
    public IReadOnlyDictionary<int, double>? ClassWeight { get; init; }

    /// <summary>What to print.</summary>
    public Verbosity Verbosity { get; init; } = Verbosity.Auto;

    /// <summary>Where to print; the console when null.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>Told about every batch and epoch, in order.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    internal IReadOnlyList<Tensor<float>?>? AllSampleWeights => SampleWeight is null ? SampleWeights : [SampleWeight];

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 0, nameof(Epochs));
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialEpoch, 0, nameof(InitialEpoch));
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(BatchSize));
        if (StepsPerEpoch is { } steps)
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(StepsPerEpoch));
        if (SampleWeight is not null && SampleWeights is not null)
            throw new ArgumentException("Fit: SampleWeight and SampleWeights are both set; give one of them.");
        if (ValidationSplit is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(ValidationSplit), ValidationSplit, "Fit: ValidationSplit is a share of the samples, 0 … 1 (1 excluded).");
    }
}
