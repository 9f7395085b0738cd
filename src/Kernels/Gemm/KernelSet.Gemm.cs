namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract void Gemm(Workers w, in GemmProblem p);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void Gemm(Workers w, in GemmProblem p) => GemmFrame<TSimd, TVector>.Multiply(w, p);
}
