namespace FlatFuse.Training;

/// <summary><see cref="Adam"/> with decoupled weight decay, 0.004 unless set: <c>w −= w · weight decay · lr</c> before each update.</summary>
/// <remarks>Loshchilov and Hutter, 2017.</remarks>
public sealed class AdamW : Adam
{
    /// <summary>Learning rate 0.001.</summary>
    public AdamW()
        : this(0.001)
    {
    }

    /// <summary>A learning rate of one's own.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    public AdamW(LearningRate learningRate)
        : base("adamw", learningRate) => WeightDecay = 0.004;
}
