namespace FlatFuse.Kernels;

/// <summary>The activations that tiles do not apply themselves: a second pass over rows that have just been finished and lie in L1.</summary>
internal static unsafe class GemmActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Rows(ActivationKind kind, float* c, nint stride, int rows, int columns)
    {
        delegate*<float*, float*, nint, float, void> loop = Loop(kind);
        for (int m = 0; m < rows; m++)
            loop(c + (m * stride), c + (m * stride), columns, 0f);
    }

    private static delegate*<float*, float*, nint, float, void> Loop(ActivationKind kind)
    {
        switch (kind)
        {
            case ActivationKind.Sigmoid: return &UnaryLoop<TSimd, TVector, SigmoidActivation<TSimd, TVector>>.Run;
            case ActivationKind.Tanh: return &UnaryLoop<TSimd, TVector, TanhActivation<TSimd, TVector>>.Run;
            default: return RarerLoop(kind);
        }
    }

    // On their own, because compiling the method that names them loads all their types.
    private static delegate*<float*, float*, nint, float, void> RarerLoop(ActivationKind kind)
    {
        switch (kind)
        {
            case ActivationKind.HardSigmoid: return &UnaryLoop<TSimd, TVector, HardSigmoidActivation<TSimd, TVector>>.Run;
            case ActivationKind.ReLU6: return &UnaryLoop<TSimd, TVector, ReLU6Activation<TSimd, TVector>>.Run;
            case ActivationKind.Exponential: return &UnaryLoop<TSimd, TVector, ExponentialActivation<TSimd, TVector>>.Run;
            case ActivationKind.ELU: return &UnaryLoop<TSimd, TVector, ELUActivation<TSimd, TVector>>.Run;
            case ActivationKind.SELU: return &UnaryLoop<TSimd, TVector, SELUActivation<TSimd, TVector>>.Run;
            case ActivationKind.Softplus: return &UnaryLoop<TSimd, TVector, SoftplusActivation<TSimd, TVector>>.Run;
            case ActivationKind.Softsign: return &UnaryLoop<TSimd, TVector, SoftsignActivation<TSimd, TVector>>.Run;
            case ActivationKind.SiLU: return &UnaryLoop<TSimd, TVector, SiLUActivation<TSimd, TVector>>.Run;
            case ActivationKind.GELU: return &UnaryLoop<TSimd, TVector, GELUActivation<TSimd, TVector>>.Run;
            case ActivationKind.LeakyReLU: return &UnaryLoop<TSimd, TVector, LeakyReLUActivation<TSimd, TVector>>.Run;
            case ActivationKind.Mish: return &UnaryLoop<TSimd, TVector, MishActivation<TSimd, TVector>>.Run;
            case ActivationKind.HardSiLU: return &UnaryLoop<TSimd, TVector, HardSiLUActivation<TSimd, TVector>>.Run;
            case ActivationKind.TanhShrink: return &UnaryLoop<TSimd, TVector, TanhShrinkActivation<TSimd, TVector>>.Run;
            case ActivationKind.CELU: return &UnaryLoop<TSimd, TVector, CELUActivation<TSimd, TVector>>.Run;
            case ActivationKind.LogSigmoid: return &UnaryLoop<TSimd, TVector, LogSigmoidActivation<TSimd, TVector>>.Run;
            case ActivationKind.HardTanh: return &UnaryLoop<TSimd, TVector, HardTanhActivation<TSimd, TVector>>.Run;
            case ActivationKind.HardShrink: return &UnaryLoop<TSimd, TVector, HardShrinkActivation<TSimd, TVector>>.Run;
            case ActivationKind.SoftShrink: return &UnaryLoop<TSimd, TVector, SoftShrinkActivation<TSimd, TVector>>.Run;
            case ActivationKind.Squareplus: return &UnaryLoop<TSimd, TVector, SquareplusActivation<TSimd, TVector>>.Run;
            case ActivationKind.SparsePlus: return &UnaryLoop<TSimd, TVector, SparsePlusActivation<TSimd, TVector>>.Run;
            case ActivationKind.SparseSigmoid: return &UnaryLoop<TSimd, TVector, SparseSigmoidActivation<TSimd, TVector>>.Run;
            case ActivationKind.ReLU: return &UnaryLoop<TSimd, TVector, ReLUActivation<TSimd, TVector>>.Run;
            case ActivationKind.Linear: return &UnaryLoop<TSimd, TVector, LinearActivation<TSimd, TVector>>.Run;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Gemm: unknown activation; expected a member of ActivationKind.");
        }
    }
}
