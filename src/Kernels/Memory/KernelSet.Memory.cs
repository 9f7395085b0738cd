namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void TransposeMatrices(Workers workers, int matrices, int rows, int columns, float* x, float* y, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void TransposeMatrices(Workers workers, int matrices, int rows, int columns, float* x, float* y, bool accumulate)
    {
        var job = new TransposeJob<TSimd, TVector>(matrices, rows, columns, x, y, accumulate);
        workers.Run(ref job, job.Chunks);
    }
}
