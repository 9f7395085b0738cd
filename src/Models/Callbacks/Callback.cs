namespace FlatFuse.Models;

/// <summary>Hears what happens during Fit; override what you need.</summary>
public abstract class Callback
{
    /// <summary>Before the first epoch.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnTrainBegin(TrainingProgress progress)
    {
    }

    /// <summary>Before an epoch's first batch.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnEpochBegin(TrainingProgress progress)
    {
    }

    /// <summary>Before a batch is trained on.</summary>
    /// <param name="progress">Where training stands; <see cref="TrainingProgress.Batch"/> is the batch to come.</param>
    public virtual void OnBatchBegin(TrainingProgress progress)
    {
    }

    /// <summary>After a step: the weights are updated, the logs hold the epoch so far.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnBatchEnd(TrainingProgress progress)
    {
    }

    /// <summary>After an epoch and its validation.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnEpochEnd(TrainingProgress progress)
    {
    }

    /// <summary>After the last epoch, or when training was stopped.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnTrainEnd(TrainingProgress progress)
    {
    }

    /// <summary>Writes what the callback remembers from epoch to epoch, so that a resumed training goes on alike.</summary>
    internal virtual void Backup(CallbackState state)
    {
    }

    /// <summary>Reads what <see cref="Backup"/> wrote; called after <see cref="OnTrainBegin"/>.</summary>
    internal virtual void Restore(CallbackState state)
    {
    }
}
