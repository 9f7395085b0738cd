namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void RowNormalizationForward(Workers workers, in RowNormalizationShape shape, float* x, float* gamma, float* beta, float* y, float* statistics);

    internal abstract unsafe void RowNormalizationBackward(
        Workers workers, in RowNormalizationShape shape, in RowNormalizationMemory memory, float* dgamma, float* dbeta, bool accumulateGamma, bool accumulateBeta);

    /// <summary>Σ w x.</summary>
    internal abstract unsafe void ChannelSums(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds);

    /// <summary>Σ w (x − first) and Σ w (x − first)².</summary>
    internal abstract unsafe void ChannelDeviations(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds);

    /// <summary>y = (x − first) · second + third.</summary>
    internal abstract void ChannelApply(Workers workers, in ChannelLayout layout, in ChannelMemory memory);

    /// <summary>Σ dy and Σ dy · ((x − first) · second + third).</summary>
    internal abstract unsafe void ChannelGradientSums(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds);

    /// <summary>y (+)= second · dy − w ((x − first) · third + fourth).</summary>
    internal abstract void ChannelInputGradient(Workers workers, in ChannelLayout layout, in ChannelMemory memory);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void RowNormalizationForward(Workers workers, in RowNormalizationShape shape, float* x, float* gamma, float* beta, float* y, float* statistics)
        => RowNormalizationLoop<TSimd, TVector>.Run(workers, in shape, x, gamma, beta, y, statistics);

    /// <inheritdoc/>
    internal override void RowNormalizationBackward(
        Workers workers, in RowNormalizationShape shape, in RowNormalizationMemory memory, float* dgamma, float* dbeta, bool accumulateGamma, bool accumulateBeta)
        => RowNormalizationGradients<TSimd, TVector>.Run(workers, in shape, in memory, dgamma, dbeta, accumulateGamma, accumulateBeta);

    /// <inheritdoc/>
    internal override void ChannelSums(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds)
        => Sum<ChannelSumPass<TSimd, TVector>>(workers, in layout, in memory, sums, seconds);

    /// <inheritdoc/>
    internal override void ChannelDeviations(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds)
        => Sum<ChannelDeviationPass<TSimd, TVector>>(workers, in layout, in memory, sums, seconds);

    /// <inheritdoc/>
    internal override void ChannelApply(Workers workers, in ChannelLayout layout, in ChannelMemory memory)
        => ChannelLoop<TSimd, TVector, ChannelApplyPass<TSimd, TVector>, No>.Write(workers, in layout, in memory);

    /// <inheritdoc/>
    internal override void ChannelGradientSums(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds)
        => ChannelLoop<TSimd, TVector, ChannelGradientSumPass<TSimd, TVector>, No>.Sum(workers, in layout, in memory, sums, seconds);

    /// <inheritdoc/>
    internal override void ChannelInputGradient(Workers workers, in ChannelLayout layout, in ChannelMemory memory)
    {
        if (memory.Weights == null)
            ChannelLoop<TSimd, TVector, ChannelInputGradientPass<TSimd, TVector>, No>.Write(workers, in layout, in memory);
        else
            ChannelLoop<TSimd, TVector, ChannelInputGradientPass<TSimd, TVector>, Yes>.Write(workers, in layout, in memory);
    }

    private static void Sum<TPass>(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds)
        where TPass : struct, IChannelPass<TSimd, TVector>
    {
        if (memory.Weights == null)
            ChannelLoop<TSimd, TVector, TPass, No>.Sum(workers, in layout, in memory, sums, seconds);
        else
            ChannelLoop<TSimd, TVector, TPass, Yes>.Sum(workers, in layout, in memory, sums, seconds);
    }
}
