namespace FlatFuse.Training;

/// <summary>A learning rate that depends on the number of steps done. Immutable.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>The learning rate of one step.</summary>
    /// <param name="step">Steps done before it: 0 for the first.</param>
    public abstract double At(long step);
}
