namespace FlatFuse.Training;

/// <summary>
/// <c>lr ((1 − α)/2 (1 + cos(π min(s, n)/n)) + α)</c>. With a warm-up target: a straight line from lr to the target over the warm-up steps,
/// then the cosine from the target with s − warm-up steps. s counts steps from 0.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="decaySteps">n: steps over which it decays.</param>
/// <param name="alpha">The rate at the end as a fraction of the highest.</param>
/// <param name="warmupTarget">The rate at the end of the warm-up; null for none.</param>
/// <param name="warmupSteps">Steps of the warm-up.</param>
public sealed class CosineDecay(double initialLearningRate, double decaySteps, double alpha = 0.0, double? warmupTarget = null, double warmupSteps = 0) : LearningRateSchedule
{
    /// <summary>The rate of step 0.</summary>
    public double InitialLearningRate { get; } = Ranges.NotNegative(initialLearningRate, "CosineDecay", nameof(initialLearningRate));

    /// <summary>n: steps over which it decays.</summary>
    public double DecaySteps { get; } = Ranges.Positive(decaySteps, "CosineDecay", nameof(decaySteps));

    /// <summary>The rate at the end as a fraction of the highest.</summary>
    public double Alpha { get; } = Ranges.NotNegative(alpha, "CosineDecay", nameof(alpha));

    /// <summary>The rate at the end of the warm-up; null for none.</summary>
    public double? WarmupTarget { get; } = warmupTarget;

    /// <summary>Steps of the warm-up.</summary>
    public double WarmupSteps { get; } = Ranges.NotNegative(warmupSteps, "CosineDecay", nameof(warmupSteps));

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (WarmupTarget is not { } target)
            return Cosine(InitialLearningRate, step);
        return step < WarmupSteps
            ? InitialLearningRate + ((target - InitialLearningRate) * (step / WarmupSteps))
            : Cosine(target, step - WarmupSteps);
    }

    private double Cosine(double from, double step)
    {
        double wave = 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, DecaySteps) / DecaySteps));
        return from * (((1 - Alpha) * wave) + Alpha);
    }
}
