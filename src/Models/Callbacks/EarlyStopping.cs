using System.Globalization;

namespace FlatFuse.Models;

/// <summary>
/// Ends training when a number has stopped improving. Source: Keras 3, <c>keras.callbacks.EarlyStopping</c>.
/// </summary>
public sealed class EarlyStopping : Callback
{
    private Monitor? _monitor;
    private WeightCopy? _bestWeights;

    /// <summary>What is watched.</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>A change that is not greater than this is no improvement.</summary>
    public double MinDelta { get; init; }

    /// <summary>Epochs without improvement after which training ends; with 0 the first such epoch ends it.</summary>
    public int Patience { get; init; }

    /// <summary>Which numbers are better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>A number that must be beaten for an improvement to restart the wait; none when null.</summary>
    public double? Baseline { get; init; }

    /// <summary>True to give the model the weights of its best epoch when training ends, early or not.</summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>Epochs before this one, from 0, are not looked at.</summary>
    public int StartFromEpoch { get; init; }

    /// <summary>True to print what is done.</summary>
    public bool Verbose { get; init; }

    /// <summary>The epoch, from 0, that ended training; null when training went to its end.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <summary>The epoch, from 0, with the best number.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The best number; null before the first.</summary>
    public double? Best { get; private set; }

    private int Waited { get; set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress)
    {
        _monitor = new Monitor(nameof(EarlyStopping), Monitor, Mode, MinDelta, progress);
        _bestWeights = RestoreBestWeights ? new WeightCopy(progress.Model) : null;
        Waited = 0;
        StoppedEpoch = null;
        BestEpoch = 0;
        Best = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress)
    {
        if (progress.Epoch < StartFromEpoch)
            return;
        double current = _monitor!.Current(progress);
        if (_bestWeights is { IsFilled: false })
            Remember(progress);
        Waited++;
        if (_monitor.IsImprovement(current, Best))
        {
            Best = current;
            Remember(progress);
            if (Baseline is null || _monitor.IsImprovement(current, Baseline))
                Waited = 0;
            return;
        }
        // Keras never stops at its very first epoch.
        if (Waited < Patience || progress.Epoch == 0)
            return;
        StoppedEpoch = progress.Epoch;
        progress.StopTraining = true;
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingProgress progress)
    {
        if (Verbose && StoppedEpoch is { } epoch)
            progress.Output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch + 1}: early stopping"));
        if (_bestWeights is { IsFilled: true })
            _bestWeights.Restore();
    }

    /// <inheritdoc/>
    internal override void Backup(CallbackState state)
    {
        state.Write(nameof(Waited), Waited);
        state.Write(nameof(BestEpoch), BestEpoch);
        state.Write(nameof(Best), Best);
        if (_bestWeights is { IsFilled: true })
            state.Write("best", _bestWeights.Values);
    }

    /// <inheritdoc/>
    internal override void Restore(CallbackState state)
    {
        Waited = (int)(state.Read(nameof(Waited)) ?? 0);
        BestEpoch = (int)(state.Read(nameof(BestEpoch)) ?? 0);
        Best = state.Read(nameof(Best));
        if (_bestWeights is not null)
            _bestWeights.IsFilled = state.Read("best", _bestWeights.Values);
    }

    private void Remember(TrainingProgress progress)
    {
        BestEpoch = progress.Epoch;
        _bestWeights?.Take();
    }
}
