namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void MaxPooling1DForward(Workers workers, in Pool1DShape shape, float* x, float* y, int* argMax);

    /// <summary>False when a position lies outside its sequence.</summary>
    internal abstract unsafe bool MaxPooling1DGather(Workers workers, in Pool1DShape shape, float* dy, int* argMax, float* dx, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void MaxPooling1DForward(Workers workers, in Pool1DShape shape, float* x, float* y, int* argMax)
        => MaxPooling1DLoop<TSimd, TVector>.Run(workers, in shape, x, y, argMax);

    /// <inheritdoc/>
    internal override bool MaxPooling1DGather(Workers workers, in Pool1DShape shape, float* dy, int* argMax, float* dx, bool accumulate)
    {
        var job = new MaxPooling1DGather<TSimd, TVector> { Shape = shape, OutputGradient = dy, ArgMax = argMax, InputGradient = dx, Accumulate = accumulate };
        workers.Run(ref job, shape.Batch);
        return job.Failed == 0;
    }
}
