namespace FlatFuse.Training;

/// <summary>
/// Cosines one after the other: the first from lr over n steps, each further one <c>tMul</c> times as long and from <c>mMul</c> times as high:
/// <c>lr · mMulⁱ ((1 − α)/2 (1 + cos(π f)) + α)</c>, f the part done of the i-th. s counts steps from 0.
/// </summary>
/// <param name="initialLearningRate">The rate of step 0.</param>
/// <param name="firstDecaySteps">n: steps of the first cosine.</param>
/// <param name="tMul">How much longer each further one is; 1 or more.</param>
/// <param name="mMul">How much higher each further one starts.</param>
/// <param name="alpha">The rate at the end of each as a fraction of the highest.</param>
public sealed class CosineDecayRestarts(double initialLearningRate, double firstDecaySteps, double tMul = 2.0, double mMul = 1.0, double alpha = 0.0) : LearningRateSchedule
{
    /// <summary>The rate of step 0.</summary>
    public double InitialLearningRate { get; } = Ranges.NotNegative(initialLearningRate, "CosineDecayRestarts", nameof(initialLearningRate));

    /// <summary>n: steps of the first cosine.</summary>
    public double FirstDecaySteps { get; } = Ranges.Positive(firstDecaySteps, "CosineDecayRestarts", nameof(firstDecaySteps));

    /// <summary>How much longer each further one is; 1 or more.</summary>
    public double TMul { get; } = Ranges.AtLeastOne(tMul, "CosineDecayRestarts", nameof(tMul));

    /// <summary>How much higher each further one starts.</summary>
    public double MMul { get; } = Ranges.NotNegative(mMul, "CosineDecayRestarts", nameof(mMul));

    /// <summary>The rate at the end of each as a fraction of the highest.</summary>
    public double Alpha { get; } = Ranges.NotNegative(alpha, "CosineDecayRestarts", nameof(alpha));

    /// <inheritdoc/>
    public override double At(long step)
    {
        double rest = step / FirstDecaySteps, length = 1;
        int index = 0;
        if (TMul == 1)
        {
            index = (int)Math.Min(Math.Floor(rest), int.MaxValue);
            rest -= index;
        }
        // A loop and no logarithm: at a restart a logarithm's last bit would decide between the top and the bottom of a wave.
        for (; rest >= length; index++)
        {
            rest -= length;
            length *= TMul;
        }
        double fraction = rest / length;
        double wave = 0.5 * (1 + Math.Cos(Math.PI * fraction));
        return InitialLearningRate * Math.Pow(MMul, index) * (((1 - Alpha) * wave) + Alpha);
    }
}
