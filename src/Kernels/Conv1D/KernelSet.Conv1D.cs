namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void Conv1DForward(Workers w, in Conv1DShape s, float* x, float* kernel, float* bias, ActivationKind activation, float* y, bool accumulate);

    internal abstract unsafe void Conv1DInputGradient(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate);

    internal abstract unsafe void Conv1DWeightGradient(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate);

    internal abstract void Conv1DBackward(Workers w, in Conv1DShape s, in Conv1DPass pass);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void Conv1DForward(Workers w, in Conv1DShape s, float* x, float* kernel, float* bias, ActivationKind activation, float* y, bool accumulate)
        => Conv1DSlide<TSimd, TVector>.Forward(w, Conv1DGeometry.Of(s), x, kernel, bias, activation, y, accumulate);

    internal override void Conv1DInputGradient(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate)
        => Conv1DGradients<TSimd, TVector>.Input(w, s, dy, kernel, dx, accumulate);

    internal override void Conv1DWeightGradient(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
        => Conv1DGradients<TSimd, TVector>.Weight(w, s, x, dy, dkernel, accumulate);

    internal override void Conv1DBackward(Workers w, in Conv1DShape s, in Conv1DPass pass)
        => Conv1DGradients<TSimd, TVector>.All(w, s, pass);
}
