using System.Globalization;
using System.IO.Compression;
using FlatFuse.Interop;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// Writes after each epoch what a training needs to go on: weights, optimizer state, epoch, and what other callbacks of Fit remember. A Fit with
/// the same arguments after a crash goes on behind the last complete epoch and ends with the same bits as one that was never interrupted.
/// </summary>
/// <remarks>
/// The file is replaced as a whole and sealed by SHA-256. A recurrent layer's state between calls is not in it; reset it each epoch. Source:
/// Keras 3, <c>keras.callbacks.BackupAndRestore</c>.
/// </remarks>
/// <param name="folder">Where the file lies; made when missing. One a training.</param>
public sealed class BackupAndRestore(string folder) : Callback
{
    private const string Entry = "training.safetensors";

    /// <summary>False to keep the file when training has come to its end.</summary>
    public bool DeleteCheckpoint { get; init; } = true;

    /// <summary>The epoch, from 0, at which this Fit went on; null when it began anew.</summary>
    public int? ResumedEpoch { get; private set; }

    private string File => Path.Combine(folder, "backup.flatfuse");

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress) => ResumedEpoch = null;

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingProgress progress)
    {
        if (DeleteCheckpoint)
            System.IO.File.Delete(File);
    }

    /// <summary>Writes the file. Runs when every callback's <see cref="Callback.OnEpochEnd"/> is done, wherever in the list this one stands.</summary>
    internal void Save(TrainingProgress progress)
    {
        Directory.CreateDirectory(folder);
        var tensors = new NamedTensors();
        foreach (NamedWeight weight in progress.Model.Weights)
            tensors.Add("weights/" + weight.Path, weight.Parameter.Value);
        progress.Compiled.Backup(tensors);
        tensors.Metadata["epoch"] = (progress.Epoch + 1).ToString(CultureInfo.InvariantCulture);
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
        ResumedEpoch = progress.Epoch;
    }

    private static CallbackState StateOf(NamedTensors tensors, int index, Callback callback)
        => new(tensors, string.Create(CultureInfo.InvariantCulture, $"callbacks/{index}/{callback.GetType().Name}/"));

    private InvalidDataException Stranger(TrainingProgress progress, string missing)
        => new($"BackupAndRestore: {File} was written by another training: it has no {missing}, which model '{progress.Model.Name}' needs. Delete the file to begin anew, or give each training a folder of its own.");
}
