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
        {
            var rule = new SGDRule<TSimd, TVector, No, No> { LearningRate = (float)step.LearningRate, Momentum = (float)step.Momentum };
            OptimizerLoop<TSimd, TVector, SGDRule<TSimd, TVector, No, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else if (step.Nesterov)
        {
            var rule = new SGDRule<TSimd, TVector, Yes, Yes> { LearningRate = (float)step.LearningRate, Momentum = (float)step.Momentum };
            OptimizerLoop<TSimd, TVector, SGDRule<TSimd, TVector, Yes, Yes>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else
        {
            var rule = new SGDRule<TSimd, TVector, Yes, No> { LearningRate = (float)step.LearningRate, Momentum = (float)step.Momentum };
            OptimizerLoop<TSimd, TVector, SGDRule<TSimd, TVector, Yes, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
    }

    /// <inheritdoc/>
    internal override void RMSprop(Workers workers, in RMSpropStep step, in OptimizerMemory memory)
    {
        bool centered = memory.Second != null;
        if (step.Momentum == 0 && !centered)
        {
            var rule = new RMSpropRule<TSimd, TVector, No, No> { LearningRate = (float)step.LearningRate, OneMinusRho = (float)(1 - step.Rho), Momentum = (float)step.Momentum, Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, RMSpropRule<TSimd, TVector, No, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else if (step.Momentum == 0)
        {
            var rule = new RMSpropRule<TSimd, TVector, Yes, No> { LearningRate = (float)step.LearningRate, OneMinusRho = (float)(1 - step.Rho), Momentum = (float)step.Momentum, Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, RMSpropRule<TSimd, TVector, Yes, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else if (!centered)
        {
            var rule = new RMSpropRule<TSimd, TVector, No, Yes> { LearningRate = (float)step.LearningRate, OneMinusRho = (float)(1 - step.Rho), Momentum = (float)step.Momentum, Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, RMSpropRule<TSimd, TVector, No, Yes>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else
        {
            var rule = new RMSpropRule<TSimd, TVector, Yes, Yes> { LearningRate = (float)step.LearningRate, OneMinusRho = (float)(1 - step.Rho), Momentum = (float)step.Momentum, Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, RMSpropRule<TSimd, TVector, Yes, Yes>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
    }

    /// <inheritdoc/>
    internal override void Adam(Workers workers, in AdamStep step, in OptimizerMemory memory)
    {
        double rate = step.LearningRate * Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step)) / (1 - Math.Pow(step.Beta1, step.Step));
        if (memory.Third == null)
        {
            var rule = new AdamRule<TSimd, TVector, No> { Rate = (float)rate, OneMinusBeta1 = (float)(1 - step.Beta1), OneMinusBeta2 = (float)(1 - step.Beta2), Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, AdamRule<TSimd, TVector, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else
        {
            var rule = new AdamRule<TSimd, TVector, Yes> { Rate = (float)rate, OneMinusBeta1 = (float)(1 - step.Beta1), OneMinusBeta2 = (float)(1 - step.Beta2), Epsilon = (float)step.Epsilon };
            OptimizerLoop<TSimd, TVector, AdamRule<TSimd, TVector, Yes>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
    }

    /// <inheritdoc/>
    internal override void Adamax(Workers workers, in AdamaxStep step, in OptimizerMemory memory)
    {
        double rate = step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step));
        var rule = new AdamaxRule<TSimd, TVector> { Rate = (float)rate, OneMinusBeta1 = (float)(1 - step.Beta1), Beta2 = (float)step.Beta2, Epsilon = (float)step.Epsilon };
        OptimizerLoop<TSimd, TVector, AdamaxRule<TSimd, TVector>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Nadam(Workers workers, in NadamStep step, in OptimizerMemory memory)
    {
        double now = NadamStep.MomentumAt(step.Beta1, step.Step);
        double next = NadamStep.MomentumAt(step.Beta1, step.Step + 1);
        double product = step.MomentumProduct;
        var rule = new NadamRule<TSimd, TVector>
        {
            MeanRate = (float)(step.LearningRate * next / (1 - (product * next))),
            GradientRate = (float)(step.LearningRate * (1 - now) / (1 - product)),
            OneMinusBeta1 = (float)(1 - step.Beta1),
            OneMinusBeta2 = (float)(1 - step.Beta2),
            Correction = (float)(1 / (1 - Math.Pow(step.Beta2, step.Step))),
            Epsilon = (float)step.Epsilon,
        };
        OptimizerLoop<TSimd, TVector, NadamRule<TSimd, TVector>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Adagrad(Workers workers, in AdagradStep step, in OptimizerMemory memory)
    {
        var rule = new AdagradRule<TSimd, TVector> { LearningRate = (float)step.LearningRate, Epsilon = (float)step.Epsilon };
        OptimizerLoop<TSimd, TVector, AdagradRule<TSimd, TVector>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Adadelta(Workers workers, in AdadeltaStep step, in OptimizerMemory memory)
    {
        var rule = new AdadeltaRule<TSimd, TVector> { LearningRate = (float)step.LearningRate, OneMinusRho = (float)(1 - step.Rho), Epsilon = (float)step.Epsilon };
        OptimizerLoop<TSimd, TVector, AdadeltaRule<TSimd, TVector>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Lion(Workers workers, in LionStep step, in OptimizerMemory memory)
    {
        var rule = new LionRule<TSimd, TVector> { LearningRate = (float)step.LearningRate, OneMinusBeta1 = (float)(1 - step.Beta1), OneMinusBeta2 = (float)(1 - step.Beta2) };
        OptimizerLoop<TSimd, TVector, LionRule<TSimd, TVector>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
    }

    /// <inheritdoc/>
    internal override void Ftrl(Workers workers, in FtrlStep step, in OptimizerMemory memory)
    {
        float inverseRate = (float)(1 / step.LearningRate);
        float ridge = (float)((2 * step.L2) + (step.Beta / step.LearningRate));
        if (step.LearningRatePower == -0.5)
        {
            var rule = new FtrlRule<TSimd, TVector, Yes> { InverseRate = inverseRate, Power = 0.5f, L1 = (float)step.L1, Ridge = ridge, TwiceShrinkage = (float)(2 * step.L2Shrinkage) };
            OptimizerLoop<TSimd, TVector, FtrlRule<TSimd, TVector, Yes>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
        else
        {
            var rule = new FtrlRule<TSimd, TVector, No> { InverseRate = inverseRate, Power = (float)-step.LearningRatePower, L1 = (float)step.L1, Ridge = ridge, TwiceShrinkage = (float)(2 * step.L2Shrinkage) };
            OptimizerLoop<TSimd, TVector, FtrlRule<TSimd, TVector, No>>.Run(workers, in rule, step.Preparation, step.LearningRate, in memory);
        }
    }
}
