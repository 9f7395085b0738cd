namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void MaxPooling2DForward(Workers workers, in Pool2DShape shape, float* x, float* y, int* argMax);

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
