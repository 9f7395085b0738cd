using System.Globalization;
using System.IO.Compression;
using FlatFuse.Interop;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// Writes after each epoch, or every so many batches, what a training needs to go on: weights, optimizer state, epoch, and what other callbacks of Fit remember. A Fit with
/// the same arguments after a crash goes on behind what the file holds and ends with the same bits as one that was never interrupted.
/// </summary>
/// <remarks>
/// In the middle of an epoch Keras 3 restores the weights and begins that epoch anew; here it goes on with the next batch. Its loss is then that of the whole
/// epoch, its metrics are those of the batches since. The file is replaced as a whole and sealed by SHA-256. A recurrent layer's state between calls is not in it; reset it each epoch. Source:
/// Keras 3, <c>keras.callbacks.BackupAndRestore</c>.
/// </remarks>
/// <param name="folder">Where the file lies; made when missing. One a training.</param>
public sealed class BackupAndRestore(string folder) : Callback
{
    private const string Entry = "training.safetensors";
    private const string Logs = "logs/";

    /// <summary>False to keep the file when training has come to its end.</summary>
    public bool DeleteCheckpoint { get; init; } = true;

    /// <summary>
    /// Batches between two files, counted over epochs; null for one file after each epoch. A file that is due at the last batch of an epoch is written when
    /// the epoch is complete. Keras calls it <c>save_freq</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? SaveFrequency
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "BackupAndRestore: SaveFrequency is a number of batches; expected at least 1, or null for one file after each epoch.");
    }

    /// <summary>The epoch, from 0, at which this Fit went on; null when it began anew.</summary>
    public int? ResumedEpoch { get; private set; }

    private int _batches;
    private bool _isDue;

    private string File => Path.Combine(folder, "backup.flatfuse");

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress) => (ResumedEpoch, _batches, _isDue) = (null, 0, false);

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingProgress progress)
    {
        if (DeleteCheckpoint)
            System.IO.File.Delete(File);
    }

    /// <inheritdoc/>
    internal override void Backup(CallbackState state) => state.Write("batches", _batches);

    /// <inheritdoc/>
    internal override void Restore(CallbackState state) => _batches = (int)(state.Read("batches") ?? 0);

    /// <summary>Counts a batch. Runs when every callback's <see cref="Callback.OnBatchEnd"/> is done, wherever in the list this one stands.</summary>
    internal void BatchDone(TrainingProgress progress)
    {
        if (SaveFrequency is not { } frequency || ++_batches < frequency)
            return;
        _batches = 0;
        _isDue = progress.StopTraining || progress.Batch + 1 == progress.Batches;
        if (!_isDue)
            Save(progress, done: progress.Batch + 1);
    }

    /// <summary>The same after an epoch.</summary>
    internal void EpochDone(TrainingProgress progress)
    {
        if (SaveFrequency is null || _isDue)
            Save(progress, done: 0);
        _isDue = false;
    }

    // Batches that are done of an epoch that is not; 0 when it is.
    private void Save(TrainingProgress progress, int done)
    {
        Directory.CreateDirectory(folder);
        var tensors = new NamedTensors();
        foreach (NamedWeight weight in progress.Model.Weights)
            tensors.Add("weights/" + weight.Path, weight.Parameter.Value);
        progress.Compiled.Backup(tensors, repeatsOrder: done > 0 && progress.Shuffles);
        tensors.Metadata["epoch"] = (done > 0 ? progress.Epoch : progress.Epoch + 1).ToString(CultureInfo.InvariantCulture);
        tensors.Metadata["batch"] = done.ToString(CultureInfo.InvariantCulture);
        if (done > 0)
            progress.Compiled.TrainingLogs.Backup(new CallbackState(tensors, Logs));
        for (int i = 0; i < progress.Callbacks.Length; i++)
            progress.Callbacks[i].Backup(StateOf(tensors, i, progress.Callbacks[i]));
        ModelArchive.Write(File, [(Entry, stream => Safetensors.Write(stream, tensors))]);
    }

    /// <summary>Brings training to where the file was written. Runs when every callback's <see cref="Callback.OnTrainBegin"/> is done.</summary>
    internal void Resume(TrainingProgress progress)
    {
        if (!System.IO.File.Exists(File))
            return;
        NamedTensors tensors;
        using (ZipArchive archive = ModelArchive.Open(File))
            tensors = Safetensors.Read(new MemoryStream(ModelArchive.Read(archive, Entry)));
        foreach (NamedWeight weight in progress.Model.Weights)
        {
            if (!tensors.TryGetValue("weights/" + weight.Path, out Tensor? value) || value is not Tensor<float> || !value.Shape.SequenceEqual(weight.Parameter.Shape))
                throw Stranger(progress, $"weight '{weight.Path}' {Shapes.Format(weight.Parameter.Shape)}");
        }
        if (!progress.Compiled.CanRestore(tensors))
            throw Stranger(progress, $"the state of optimizer {progress.Compiled.Optimizer.Name}");
        foreach (NamedWeight weight in progress.Model.Weights)
            weight.Parameter.Assign(tensors.Get<float>("weights/" + weight.Path));
        progress.Compiled.Restore(tensors);
        for (int i = 0; i < progress.Callbacks.Length; i++)
            progress.Callbacks[i].Restore(StateOf(tensors, i, progress.Callbacks[i]));
        progress.Epoch = int.Parse(tensors.Metadata["epoch"], CultureInfo.InvariantCulture);
        progress.DoneBatches = tensors.Metadata.TryGetValue("batch", out string? done) ? int.Parse(done, CultureInfo.InvariantCulture) : 0;
        if (progress.DoneBatches > 0)
            progress.Compiled.TrainingLogs.Restore(new CallbackState(tensors, Logs));
        ResumedEpoch = progress.Epoch;
    }

    private static CallbackState StateOf(NamedTensors tensors, int index, Callback callback)
        => new(tensors, string.Create(CultureInfo.InvariantCulture, $"callbacks/{index}/{callback.GetType().Name}/"));

    private InvalidDataException Stranger(TrainingProgress progress, string missing)
        => new($"BackupAndRestore: {File} was written by another training: it has no {missing}, which model '{progress.Model.Name}' needs. Delete the file to begin anew, or give each training a folder of its own.");
}
