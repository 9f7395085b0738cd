namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void ThresholdForward(Workers workers, float* x, float* y, nint length, float threshold, float value);

    internal abstract unsafe void ThresholdBackward(Workers workers, float* x, float* dy, float* dx, nint length, float threshold, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void ThresholdForward(Workers workers, float* x, float* y, nint length, float threshold, float value)
        => ThresholdLoop<TSimd, TVector>.Forward(workers, x, y, length, threshold, value);

    /// <inheritdoc/>
    internal override void ThresholdBackward(Workers workers, float* x, float* dy, float* dx, nint length, float threshold, bool accumulate)
        => ThresholdLoop<TSimd, TVector>.Backward(workers, x, dy, dx, length, threshold, accumulate);
}
