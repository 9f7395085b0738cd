namespace FlatFuse.Models;

/// <summary>Compares the epochs' numbers under one key, for the callbacks that wait for an improvement.</summary>
internal sealed class Monitor
{
    private readonly string _key;
    private readonly bool _greater;
    private readonly double _minDelta;

    /// <summary>Resolves what is watched before the first epoch.</summary>
    /// <param name="owner">The callback's name, for errors.</param>
    /// <param name="key">For example <c>val_loss</c>.</param>
    /// <param name="mode">Which numbers are better.</param>
    /// <param name="minDelta">A smaller change is no improvement.</param>
    /// <param name="progress">The training.</param>
    /// <exception cref="ArgumentException">Nothing is measured under the key, or it is not known which numbers are better.</exception>
    public Monitor(string owner, string key, MonitorMode mode, double minDelta, TrainingProgress progress)
    {
        if (!progress.MeasuredKeys.Contains(key))
        {
            string advice = key.StartsWith("val_", StringComparison.Ordinal) && progress.MeasuredKeys.Contains(key[4..])
                ? $"Give Fit ValidationSplit or ValidationData, or set Monitor to \"{key[4..]}\"."
                : "Set Monitor to one of them.";
            throw new ArgumentException($"{owner} watches '{key}', which this training does not measure; it has {string.Join(", ", progress.MeasuredKeys.ToArray())}. {advice}");
        }
        _key = key;
        _greater = mode == MonitorMode.Max || (mode == MonitorMode.Auto && PrefersGreater(owner, key, progress));
        _minDelta = Math.Abs(minDelta);
    }

    /// <summary>The epoch's number.</summary>
    public double Current(TrainingProgress progress)
        => progress.TryGetValue(_key, out double value) ? value : double.NaN;

    /// <summary>True when a number beats another by more than the least change; NaN never does, and everything beats no number.</summary>
    public bool IsImprovement(double value, double? reference)
        => reference is not { } best || (_greater ? value - _minDelta > best : value + _minDelta < best);

    private static bool PrefersGreater(string owner, string key, TrainingProgress progress)
    {
        string measured = key.StartsWith("val_", StringComparison.Ordinal) ? key[4..] : key;
        return progress.Compiled.MetricOf(measured) is { } metric
            && (metric.GreaterIsBetter
                ?? throw new ArgumentException($"{owner} watches '{key}', and metric {metric.Name} does not say whether greater or smaller is better; set Mode to Min or Max."));
    }
}
