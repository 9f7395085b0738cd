namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract void SGD(Workers workers, in SGDStep step, in OptimizerMemory memory);

    internal abstract void RMSprop(Workers workers, in RMSpropStep step, in OptimizerMemory memory);

    internal abstract void Adam(Workers workers, in AdamStep step, in OptimizerMemory memory);

    internal abstract void Adamax(Workers workers, in AdamaxStep step, in OptimizerMemory memory);

    internal abstract void Nadam(Workers workers, in NadamStep step, in OptimizerMemory memory);

    internal abstract void Adagrad(Workers workers, in AdagradStep step, in OptimizerMemory memory);

    internal abstract void Adadelta(Workers workers, in AdadeltaStep step, in OptimizerMemory memory);

    internal abstract void Lion(Workers workers, in LionStep step, in OptimizerMemory memory);

    internal abstract void Ftrl(Workers workers, in FtrlStep step, in OptimizerMemory memory);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void SGD(Workers workers, in SGDStep step, in OptimizerMemory memory)
    {
        if (step.Momentum == 0)
            OptimizerLoop<TSimd, TVector>.Run(workers, new SGDRule<TSimd, TVector, No, No>(in step), step.Preparation, step.LearningRate, in memory);
        else if (step.Nesterov)
            OptimizerLoop<TSimd, TVector>.Run(workers, new SGDRule<TSimd, TVector, Yes, Yes>(in step), step.Preparation, step.LearningRate, in memory);
        else
            OptimizerLoop<TSimd, TVector>.Run(workers, new SGDRule<TSimd, TVector, Yes, No>(in step), step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void RMSprop(Workers workers, in RMSpropStep step, in OptimizerMemory memory)
    {
        bool centered = memory.Second != null;
        if (step.Momentum == 0 && !centered)
            OptimizerLoop<TSimd, TVector>.Run(workers, new RMSpropRule<TSimd, TVector, No, No>(in step), step.Preparation, step.LearningRate, in memory);
        else if (step.Momentum == 0)
            OptimizerLoop<TSimd, TVector>.Run(workers, new RMSpropRule<TSimd, TVector, Yes, No>(in step), step.Preparation, step.LearningRate, in memory);
        else if (!centered)
            OptimizerLoop<TSimd, TVector>.Run(workers, new RMSpropRule<TSimd, TVector, No, Yes>(in step), step.Preparation, step.LearningRate, in memory);
        else
            OptimizerLoop<TSimd, TVector>.Run(workers, new RMSpropRule<TSimd, TVector, Yes, Yes>(in step), step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Adam(Workers workers, in AdamStep step, in OptimizerMemory memory)
    {
        if (memory.Third == null)
            OptimizerLoop<TSimd, TVector>.Run(workers, new AdamRule<TSimd, TVector, No>(in step), step.Preparation, step.LearningRate, in memory);
        else
            OptimizerLoop<TSimd, TVector>.Run(workers, new AdamRule<TSimd, TVector, Yes>(in step), step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Adamax(Workers workers, in AdamaxStep step, in OptimizerMemory memory)
        => OptimizerLoop<TSimd, TVector>.Run(workers, new AdamaxRule<TSimd, TVector>(in step), step.Preparation, step.LearningRate, in memory);

    /// <inheritdoc/>
    internal override void Nadam(Workers workers, in NadamStep step, in OptimizerMemory memory)
        => OptimizerLoop<TSimd, TVector>.Run(workers, new NadamRule<TSimd, TVector>(in step), step.Preparation, step.LearningRate, in memory);

    /// <inheritdoc/>
    internal override void Adagrad(Workers workers, in AdagradStep step, in OptimizerMemory memory)
        => OptimizerLoop<TSimd, TVector>.Run(workers, new AdagradRule<TSimd, TVector>(in step), step.Preparation, step.LearningRate, in memory);

    /// <inheritdoc/>
    internal override void Adadelta(Workers workers, in AdadeltaStep step, in OptimizerMemory memory)
        => OptimizerLoop<TSimd, TVector>.Run(workers, new AdadeltaRule<TSimd, TVector>(in step), step.Preparation, step.LearningRate, in memory);

    /// <inheritdoc/>
    internal override void Lion(Workers workers, in LionStep step, in OptimizerMemory memory)
        => OptimizerLoop<TSimd, TVector>.Run(workers, new LionRule<TSimd, TVector>(in step), step.Preparation, step.LearningRate, in memory);

    /// <inheritdoc/>
    internal override void Ftrl(Workers workers, in FtrlStep step, in OptimizerMemory memory)
    {
        if (step.LearningRatePower == -0.5)
            OptimizerLoop<TSimd, TVector>.Run(workers, new FtrlRule<TSimd, TVector, Yes>(in step), step.Preparation, step.LearningRate, in memory);
        else
            OptimizerLoop<TSimd, TVector>.Run(workers, new FtrlRule<TSimd, TVector, No>(in step), step.Preparation, step.LearningRate, in memory);
    }
}
