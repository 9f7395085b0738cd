namespace FlatFuse.Models;

/// <summary>A callback from delegates; those that are null hear nothing. Source: Keras 3, <c>keras.callbacks.LambdaCallback</c>.</summary>
public sealed class LambdaCallback : Callback
{
    /// <summary>Before the first epoch.</summary>
    public Action<TrainingProgress>? TrainBegin { get; init; }

    /// <summary>Before an epoch's first batch.</summary>
    public Action<TrainingProgress>? EpochBegin { get; init; }

    /// <summary>Before a batch.</summary>
    public Action<TrainingProgress>? BatchBegin { get; init; }

    /// <summary>After a step.</summary>
    public Action<TrainingProgress>? BatchEnd { get; init; }

    /// <summary>After an epoch and its validation.</summary>
    public Action<TrainingProgress>? EpochEnd { get; init; }

    /// <summary>After the last epoch.</summary>
    public Action<TrainingProgress>? TrainEnd { get; init; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress) => TrainBegin?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingProgress progress) => EpochBegin?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnBatchBegin(TrainingProgress progress) => BatchBegin?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingProgress progress) => BatchEnd?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress) => EpochEnd?.Invoke(progress);

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingProgress progress) => TrainEnd?.Invoke(progress);
}
