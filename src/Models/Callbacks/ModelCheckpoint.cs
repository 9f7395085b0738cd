using System.Globalization;

namespace FlatFuse.Models;

/// <summary>
/// Saves the model or its weights after each epoch, or only when a number is better than ever. Files are replaced as a whole: a crash leaves
/// the old one or the new one. Source: Keras 3, <c>keras.callbacks.ModelCheckpoint</c>.
/// </summary>
/// <param name="path">The file; <c>{epoch}</c>, <c>{epoch:02d}</c>, <c>{val_loss:.2f}</c> and the like are filled in, epochs and batches from 1. Missing folders are made.</param>
public sealed class ModelCheckpoint(string path) : Callback
{
    private Monitor? _monitor;
    private int _batches;

    /// <summary>What <see cref="SaveBestOnly"/> watches.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>True to save only when the watched number is better than all before.</summary>
    public bool SaveBestOnly { get; init; }

    /// <summary>True to save the weights alone; needed for models that cannot be saved whole.</summary>
    public bool SaveWeightsOnly { get; init; }

    /// <summary>Which numbers are better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>Batches between two files, counted over epochs; null for one file an epoch.</summary>
    public int? SaveFrequency { get; init; }

    /// <summary>A number that the first file must beat; none when null.</summary>
    public double? InitialValueThreshold { get; init; }

    /// <summary>True to print what is done.</summary>
    public bool Verbose { get; init; }

    /// <summary>The file that was written last; null before the first.</summary>
    public string? LastPath { get; private set; }

    /// <summary>The best number so far; null before the first.</summary>
    public double? Best { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress)
    {
        PathPattern.Check(path, progress);
        _monitor = SaveBestOnly ? new Monitor(nameof(ModelCheckpoint), Monitor, Mode, minDelta: 0, progress) : null;
        Best ??= InitialValueThreshold;
        _batches = 0;
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingProgress progress)
    {
        if (SaveFrequency is not { } frequency || ++_batches < frequency)
            return;
        _batches = 0;
        Save(progress);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress)
    {
        if (SaveFrequency is null)
            Save(progress);
    }

    /// <inheritdoc/>
    internal override void Backup(CallbackState state)
    {
        state.Write("best", Best);
        state.Write("batches", _batches);
    }

    /// <inheritdoc/>
    internal override void Restore(CallbackState state)
    {
        Best = state.Read("best");
        _batches = (int)(state.Read("batches") ?? 0);
    }

    private void Save(TrainingProgress progress)
    {
        string file = PathPattern.Fill(path, progress);
        if (_monitor is not null)
        {
            double current = _monitor.Current(progress);
            if (!_monitor.IsImprovement(current, Best) || double.IsNaN(current))
                return;
            Best = current;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            Directory.CreateDirectory(folder);
        if (SaveWeightsOnly)
            progress.Model.SaveWeights(file);
        else
            progress.Model.Save(file);
        LastPath = file;
        if (Verbose)
            progress.Output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch + 1}: {(_monitor is null ? "" : $"{Monitor} improved to {Best:0.00000}, ")}saved {file}"));
    }
}
