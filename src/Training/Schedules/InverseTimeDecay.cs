namespace FlatFuse.Training;

/// <summary>
/// <c>lr / (1 + rate · s/n)</c>; staircase: <c>lr / (1 + rate · floor(s/n))</c>. s counts steps from 0.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">n: steps over which it decays.</param>
/// <param name="decayRate">How fast the divisor grows.</param>
/// <param name="staircase">True to decay in jumps every n steps.</param>
public sealed class InverseTimeDecay(double initialLearningRate, double decaySteps, double decayRate, bool staircase = false) : LearningRateSchedule
{
    /// <summary>The rate of step 0.</summary>
    public double InitialLearningRate { get; } = Ranges.NotNegative(initialLearningRate, "InverseTimeDecay", nameof(initialLearningRate));

    /// <summary>n: steps over which it decays.</summary>
    public double DecaySteps { get; } = Ranges.Positive(decaySteps, "InverseTimeDecay", nameof(decaySteps));

    /// <summary>How fast the divisor grows.</summary>
    public double DecayRate { get; } = Ranges.NotNegative(decayRate, "InverseTimeDecay", nameof(decayRate));

    /// <summary>True to decay in jumps every n steps.</summary>
    public bool Staircase { get; } = staircase;

    /// <inheritdoc/>
    public override double At(long step)
    {
        double time = step / DecaySteps;
        return InitialLearningRate / (1 + (DecayRate * (Staircase ? Math.Floor(time) : time)));
    }
}
