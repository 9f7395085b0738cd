using System.Globalization;

namespace FlatFuse.Models;

/// <summary>
/// Sets the learning rate before each epoch and logs it as <c>learning_rate</c>. Source: Keras 3, <c>keras.callbacks.LearningRateScheduler</c>.
/// </summary>
/// <param name="schedule">From the epoch, from 0, and the present rate to the new one.</param>
/// <param name="verbose">True to print each epoch's rate.</param>
public sealed class LearningRateScheduler(Func<int, double, double> schedule, bool verbose = false) : Callback
{
    private readonly Func<int, double, double> _schedule = schedule ?? throw new ArgumentNullException(nameof(schedule));

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingProgress progress)
    {
        progress.LearningRate = _schedule(progress.Epoch, progress.LearningRate);
        if (verbose)
            progress.Output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch + 1}: LearningRateScheduler setting learning rate to {progress.LearningRate}."));
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress) => progress.Log("learning_rate", progress.LearningRate);
}
