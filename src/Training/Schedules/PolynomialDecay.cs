namespace FlatFuse.Training;

/// <summary>
/// <c>(lr − end)(1 − min(s, n)/n)^power + end</c>; cycle: n becomes <c>n · max(1, ceil(s/n))</c> and s is not cut. s counts steps from 0.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">n: steps over which it decays.</param>
/// <param name="endLearningRate">The rate at the end.</param>
/// <param name="power">1 for a straight line.</param>
/// <param name="cycle">True to start again, lower, after n steps.</param>
public sealed class PolynomialDecay(double initialLearningRate, double decaySteps, double endLearningRate = 0.0001, double power = 1.0, bool cycle = false) : LearningRateSchedule
{
    /// <summary>The rate of step 0.</summary>
    public double InitialLearningRate { get; } = Ranges.NotNegative(initialLearningRate, "PolynomialDecay", nameof(initialLearningRate));

    /// <summary>n: steps over which it decays.</summary>
    public double DecaySteps { get; } = Ranges.Positive(decaySteps, "PolynomialDecay", nameof(decaySteps));

    /// <summary>The rate at the end.</summary>
    public double EndLearningRate { get; } = Ranges.NotNegative(endLearningRate, "PolynomialDecay", nameof(endLearningRate));

    /// <summary>1 for a straight line.</summary>
    public double Power { get; } = Ranges.Positive(power, "PolynomialDecay", nameof(power));

    /// <summary>True to start again, lower, after n steps.</summary>
    public bool Cycle { get; } = cycle;

    /// <inheritdoc/>
    public override double At(long step)
    {
        double span = Cycle ? DecaySteps * Math.Max(1, Math.Ceiling(step / DecaySteps)) : DecaySteps;
        double done = Cycle ? step : Math.Min(step, DecaySteps);
        return ((InitialLearningRate - EndLearningRate) * Math.Pow(1 - (done / span), Power)) + EndLearningRate;
    }
}
