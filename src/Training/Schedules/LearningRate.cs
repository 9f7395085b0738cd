using System.Globalization;

namespace FlatFuse.Training;

/// <summary>A learning rate: a number or a <see cref="LearningRateSchedule"/>; both convert to it.</summary>
public readonly struct LearningRate
{
    private readonly double _constant;

    /// <summary>A constant rate.</summary>
    /// <param name="value">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public LearningRate(double value)
        => _constant = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Learning rate {value.ToString(CultureInfo.InvariantCulture)}; expected a finite number from 0.");

    /// <summary>A rate that follows a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    public LearningRate(LearningRateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
    }

    /// <summary>The schedule; null when the rate is constant.</summary>
    public LearningRateSchedule? Schedule { get; }

    /// <summary>The rate of one step.</summary>
    /// <param name="step">Steps done before it: 0 for the first.</param>
    public double At(long step) => Schedule is null ? _constant : Schedule.At(step);

    /// <summary>A constant rate.</summary>
    /// <param name="value">0 or more.</param>
    public static implicit operator LearningRate(double value) => new(value);

    /// <summary>A rate that follows a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    public static implicit operator LearningRate(LearningRateSchedule schedule) => new(schedule);

    /// <inheritdoc/>
    public override string ToString() => Schedule?.ToString() ?? _constant.ToString(CultureInfo.InvariantCulture);
}
