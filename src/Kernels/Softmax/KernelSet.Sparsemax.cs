namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void SparsemaxForward(Workers workers, int rows, int classes, float* x, float* y);

    internal abstract unsafe void SparsemaxBackward(Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void SparsemaxForward(Workers workers, int rows, int classes, float* x, float* y)
        => SparsemaxLoop<TSimd, TVector>.Forward(workers, rows, classes, x, y);

    /// <inheritdoc/>
    internal override void SparsemaxBackward(Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate)
        => SparsemaxLoop<TSimd, TVector>.Backward(workers, rows, classes, y, dy, dx, accumulate);
}
