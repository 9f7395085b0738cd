namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void Conv2DForward(Workers w, in Conv2DShape s, float* x, float* kernel, float* bias, ActivationKind activation, float* y);

    internal abstract unsafe void Conv2DInputGradient(Workers w, in Conv2DShape s, float* dy, float* kernel, float* dx, bool accumulate);

    internal abstract unsafe void Conv2DWeightGradient(Workers w, in Conv2DShape s, float* x, float* dy, float* dkernel, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void Conv2DForward(Workers w, in Conv2DShape s, float* x, float* kernel, float* bias, ActivationKind activation, float* y)
        => Conv2DSlide<TSimd, TVector>.Forward(w, s, x, kernel, bias, activation, y);

    internal override void Conv2DInputGradient(Workers w, in Conv2DShape s, float* dy, float* kernel, float* dx, bool accumulate)
        => Conv2DGradients<TSimd, TVector>.Input(w, s, dy, kernel, dx, accumulate);

    internal override void Conv2DWeightGradient(Workers w, in Conv2DShape s, float* x, float* dy, float* dkernel, bool accumulate)
        => Conv2DGradients<TSimd, TVector>.Weight(w, s, x, dy, dkernel, accumulate);
}
