namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void DepthwiseConv1DForward(Workers w, in Conv1DShape s, float* x, float* kernel, float* bias, float* y);

    internal abstract unsafe void DepthwiseConv1DInputGradient(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate);

    internal abstract unsafe void DepthwiseConv1DWeightGradient(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void DepthwiseConv1DForward(Workers w, in Conv1DShape s, float* x, float* kernel, float* bias, float* y)
    {
        var job = new DepthwiseConv1DForwardJob<TSimd, TVector> { Shape = s, X = x, Kernel = kernel, Bias = bias, Y = y };
        w.Run(ref job, s.Batch);
    }

    internal override void DepthwiseConv1DInputGradient(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        var job = new DepthwiseConv1DInputJob<TSimd, TVector> { Shape = s, DY = dy, Kernel = kernel, DX = dx, Accumulate = accumulate };
        w.Run(ref job, s.Batch);
    }

    internal override void DepthwiseConv1DWeightGradient(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        var job = new DepthwiseConv1DWeightJob<TSimd, TVector> { Shape = s, X = x, DY = dy, DKernel = dkernel, Accumulate = accumulate };
        job.Blocks = (s.Filters + DepthwiseConv1DWeightJob<TSimd, TVector>.BlockColumns - 1) / DepthwiseConv1DWeightJob<TSimd, TVector>.BlockColumns;
        w.Run(ref job, s.KernelSize * job.Blocks);
    }
}
