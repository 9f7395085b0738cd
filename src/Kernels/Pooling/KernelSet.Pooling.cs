namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void MaxPooling1DForward(Workers workers, in Pool1DShape shape, float* x, float* y, int* argMax);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void MaxPooling1DForward(Workers workers, in Pool1DShape shape, float* x, float* y, int* argMax)
        => MaxPooling1DLoop<TSimd, TVector>.Run(workers, in shape, x, y, argMax);
}
