namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void MaxPooling2DForward(Workers workers, in Pool2DShape shape, float* x, float* y, int* argMax);

    /// <summary>False when a position lies outside its image.</summary>
    internal abstract unsafe bool MaxPooling2DBackward(Workers workers, in Pool2DShape shape, float* dy, int* argMax, float* dx, bool accumulate);

    internal abstract unsafe void AveragePooling2DForward(Workers workers, in Pool2DShape shape, float* x, float* y);

    internal abstract unsafe void AveragePooling2DBackward(Workers workers, in Pool2DShape shape, float* dy, float* dx, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void MaxPooling2DForward(Workers workers, in Pool2DShape shape, float* x, float* y, int* argMax)
    {
        var job = new MaxPooling2DLoop<TSimd, TVector> { Shape = shape, X = x, Y = y, ArgMax = argMax };
        workers.Run(ref job, shape.Batch);
    }

    /// <inheritdoc/>
    internal override bool MaxPooling2DBackward(Workers workers, in Pool2DShape shape, float* dy, int* argMax, float* dx, bool accumulate)
    {
        if (!MaxPooling2DGather<TSimd, TVector>.Fits(in shape))
            return MaxPooling2DScatter.Run(workers, in shape, dy, argMax, dx, accumulate);
        var job = new MaxPooling2DGather<TSimd, TVector> { Shape = shape, OutputGradient = dy, ArgMax = argMax, InputGradient = dx, Accumulate = accumulate };
        workers.Run(ref job, shape.Batch);
        return job.Failed == 0;
    }

    /// <inheritdoc/>
    internal override void AveragePooling2DForward(Workers workers, in Pool2DShape shape, float* x, float* y)
    {
        var job = new AveragePooling2DForwardJob<TSimd, TVector> { Shape = shape, X = x, Y = y };
        workers.Run(ref job, shape.Batch);
    }

    /// <inheritdoc/>
    internal override void AveragePooling2DBackward(Workers workers, in Pool2DShape shape, float* dy, float* dx, bool accumulate)
    {
        var job = new AveragePooling2DBackwardJob<TSimd, TVector> { Shape = shape, DY = dy, DX = dx, Accumulate = accumulate };
        workers.Run(ref job, shape.Batch);
    }
}
