using System.Globalization;

namespace FlatFuse.Models;

/// <summary>
/// Shortens the learning rate when a number has stopped improving. Logs <c>learning_rate</c>. Source: Keras 3,
/// <c>keras.callbacks.ReduceLROnPlateau</c>.
/// </summary>
public sealed class ReduceLROnPlateau : Callback
{
    private Monitor? _monitor;
    private double? _best;
    private int _waited;
    private int _cooling;

    /// <summary>What is watched.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>What the rate is multiplied by, 0 … below 1.</summary>
    public double Factor
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Factor), value, "ReduceLROnPlateau: a factor from 1 on would not reduce the learning rate; expected 0 … below 1.");
    } = 0.1;

    /// <summary>Epochs without improvement after which the rate is reduced.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Which numbers are better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>A change that is not greater than this is no improvement.</summary>
    public double MinDelta { get; init; } = 1e-4;

    /// <summary>Epochs after a reduction in which waiting does not begin.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate never goes below this.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>True to print what is done.</summary>
    public bool Verbose { get; init; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress)
    {
        _monitor = new Monitor(nameof(ReduceLROnPlateau), Monitor, Mode, MinDelta, progress);
        // Refuses a schedule now and not after the first plateau.
        progress.LearningRate = progress.LearningRate;
        _best = null;
        _waited = 0;
        _cooling = 0;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress)
    {
        progress.Log("learning_rate", progress.LearningRate);
        double current = _monitor!.Current(progress);
        if (_cooling > 0)
        {
            _cooling--;
            _waited = 0;
        }
        if (_monitor.IsImprovement(current, _best))
        {
            _best = current;
            _waited = 0;
        }
        else if (_cooling == 0 && ++_waited >= Patience && progress.LearningRate > MinLearningRate)
        {
            progress.LearningRate = Math.Max(progress.LearningRate * Factor, MinLearningRate);
            if (Verbose)
                progress.Output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch + 1}: ReduceLROnPlateau reducing learning rate to {progress.LearningRate}."));
            _cooling = Cooldown;
            _waited = 0;
        }
    }

    /// <inheritdoc/>
    internal override void Backup(CallbackState state)
    {
        state.Write("best", _best);
        state.Write("waited", _waited);
        state.Write("cooling", _cooling);
    }

    /// <inheritdoc/>
    internal override void Restore(CallbackState state)
    {
        _best = state.Read("best");
        _waited = (int)(state.Read("waited") ?? 0);
        _cooling = (int)(state.Read("cooling") ?? 0);
    }
}
