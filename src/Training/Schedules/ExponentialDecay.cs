namespace FlatFuse.Training;

/// <summary>
/// <c>lr · rate^(s/n)</c>; staircase: <c>lr · rate^floor(s/n)</c>. s counts steps from 0.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">n: steps over which it decays.</param>
/// <param name="decayRate">The factor on the rate in n steps.</param>
/// <param name="staircase">True to decay in jumps every n steps.</param>
public sealed class ExponentialDecay(double initialLearningRate, double decaySteps, double decayRate, bool staircase = false) : LearningRateSchedule
{
    /// <summary>The rate of step 0.</summary>
    public double InitialLearningRate { get; } = Ranges.NotNegative(initialLearningRate, "ExponentialDecay", nameof(initialLearningRate));

    /// <summary>n: steps over which it decays.</summary>
    public double DecaySteps { get; } = Ranges.Positive(decaySteps, "ExponentialDecay", nameof(decaySteps));

    /// <summary>The factor on the rate in n steps.</summary>
    public double DecayRate { get; } = Ranges.NotNegative(decayRate, "ExponentialDecay", nameof(decayRate));

    /// <summary>True to decay in jumps every n steps.</summary>
    public bool Staircase { get; } = staircase;

    /// <inheritdoc/>
    public override double At(long step)
    {
        double exponent = step / DecaySteps;
        return InitialLearningRate * Math.Pow(DecayRate, Staircase ? Math.Floor(exponent) : exponent);
    }
}
