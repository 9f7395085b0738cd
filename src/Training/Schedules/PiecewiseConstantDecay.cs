namespace FlatFuse.Training;

/// <summary><c>values[i]</c> for the first boundary i with <c>s ≤ boundaries[i]</c>, the last value after all of them. s counts steps from 0.</summary>
public sealed class PiecewiseConstantDecay : LearningRateSchedule
{
    private readonly long[] _boundaries;
    private readonly double[] _values;

    /// <summary>Creates the schedule.</summary>
    /// <param name="boundaries">The last step of each piece but the last, rising.</param>
    /// <param name="values">One rate a piece: one more than boundaries.</param>
    /// <exception cref="ArgumentException">The numbers do not fit, or the boundaries do not rise.</exception>
    public PiecewiseConstantDecay(ReadOnlySpan<long> boundaries, ReadOnlySpan<double> values)
    {
        if (values.Length != boundaries.Length + 1)
            throw new ArgumentException($"PiecewiseConstantDecay: {boundaries.Length} boundaries make {boundaries.Length + 1} pieces; received {values.Length} values.", nameof(values));
        for (int i = 1; i < boundaries.Length; i++)
        {
            if (boundaries[i] <= boundaries[i - 1])
                throw new ArgumentException($"PiecewiseConstantDecay: boundary {boundaries[i]} follows {boundaries[i - 1]}; expected rising steps.", nameof(boundaries));
        }
        foreach (double value in values)
            Ranges.NotNegative(value, "PiecewiseConstantDecay", nameof(values));
        _boundaries = boundaries.ToArray();
        _values = values.ToArray();
    }

    /// <summary>The last step of each piece but the last.</summary>
    public ReadOnlySpan<long> Boundaries => _boundaries;

    /// <summary>One rate a piece.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <inheritdoc/>
    public override double At(long step)
    {
        for (int i = 0; i < _boundaries.Length; i++)
        {
            if (step <= _boundaries[i])
                return _values[i];
        }
        return _values[^1];
    }
}
