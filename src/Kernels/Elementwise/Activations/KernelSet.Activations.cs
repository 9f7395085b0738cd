namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    /// <summary>y[i] = f(x[i]), shared among the workers.</summary>
    internal abstract unsafe void ActivationForward(Workers workers, ActivationKind kind, float* x, float* y, nint length);

    /// <summary>y[i] = f(x[i]) on the calling thread: for kernels that apply an activation to a block they have just written.</summary>
    internal abstract unsafe void ActivationForward(ActivationKind kind, float* x, float* y, nint length);

    /// <summary>dx[i] (+)= f′ · dy[i], shared among the workers.</summary>
    internal abstract unsafe void ActivationBackward(
        Workers workers, ActivationKind kind, float* x, float* y, float* dy, float* dx, nint length, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void ActivationForward(Workers workers, ActivationKind kind, float* x, float* y, nint length)
    {
        switch (kind)
        {
            case ActivationKind.ReLU:
                UnaryLoop<TSimd, TVector, ReLUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Sigmoid:
                UnaryLoop<TSimd, TVector, SigmoidActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Tanh:
                UnaryLoop<TSimd, TVector, TanhActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.HardSigmoid:
                UnaryLoop<TSimd, TVector, HardSigmoidActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.ReLU6:
                UnaryLoop<TSimd, TVector, ReLU6Activation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Exponential:
                UnaryLoop<TSimd, TVector, ExponentialActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.ELU:
                UnaryLoop<TSimd, TVector, ELUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.SELU:
                UnaryLoop<TSimd, TVector, SELUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Softplus:
                UnaryLoop<TSimd, TVector, SoftplusActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Softsign:
                UnaryLoop<TSimd, TVector, SoftsignActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.SiLU:
                UnaryLoop<TSimd, TVector, SiLUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.GELU:
                UnaryLoop<TSimd, TVector, GELUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.LeakyReLU:
                UnaryLoop<TSimd, TVector, LeakyReLUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Mish:
                UnaryLoop<TSimd, TVector, MishActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.HardSiLU:
                UnaryLoop<TSimd, TVector, HardSiLUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.TanhShrink:
                UnaryLoop<TSimd, TVector, TanhShrinkActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.CELU:
                UnaryLoop<TSimd, TVector, CELUActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.LogSigmoid:
                UnaryLoop<TSimd, TVector, LogSigmoidActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.HardTanh:
                UnaryLoop<TSimd, TVector, HardTanhActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.HardShrink:
                UnaryLoop<TSimd, TVector, HardShrinkActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.SoftShrink:
                UnaryLoop<TSimd, TVector, SoftShrinkActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.Squareplus:
                UnaryLoop<TSimd, TVector, SquareplusActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.SparsePlus:
                UnaryLoop<TSimd, TVector, SparsePlusActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            case ActivationKind.SparseSigmoid:
                UnaryLoop<TSimd, TVector, SparseSigmoidActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
            default:
                UnaryLoop<TSimd, TVector, LinearActivation<TSimd, TVector>>.Run(workers, x, y, length, 0f);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void ActivationForward(ActivationKind kind, float* x, float* y, nint length)
    {
        switch (kind)
        {
            case ActivationKind.ReLU:
                UnaryLoop<TSimd, TVector, ReLUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Sigmoid:
                UnaryLoop<TSimd, TVector, SigmoidActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Tanh:
                UnaryLoop<TSimd, TVector, TanhActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.HardSigmoid:
                UnaryLoop<TSimd, TVector, HardSigmoidActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.ReLU6:
                UnaryLoop<TSimd, TVector, ReLU6Activation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Exponential:
                UnaryLoop<TSimd, TVector, ExponentialActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.ELU:
                UnaryLoop<TSimd, TVector, ELUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.SELU:
                UnaryLoop<TSimd, TVector, SELUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Softplus:
                UnaryLoop<TSimd, TVector, SoftplusActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Softsign:
                UnaryLoop<TSimd, TVector, SoftsignActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.SiLU:
                UnaryLoop<TSimd, TVector, SiLUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.GELU:
                UnaryLoop<TSimd, TVector, GELUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.LeakyReLU:
                UnaryLoop<TSimd, TVector, LeakyReLUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Mish:
                UnaryLoop<TSimd, TVector, MishActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.HardSiLU:
                UnaryLoop<TSimd, TVector, HardSiLUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.TanhShrink:
                UnaryLoop<TSimd, TVector, TanhShrinkActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.CELU:
                UnaryLoop<TSimd, TVector, CELUActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.LogSigmoid:
                UnaryLoop<TSimd, TVector, LogSigmoidActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.HardTanh:
                UnaryLoop<TSimd, TVector, HardTanhActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.HardShrink:
                UnaryLoop<TSimd, TVector, HardShrinkActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.SoftShrink:
                UnaryLoop<TSimd, TVector, SoftShrinkActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.Squareplus:
                UnaryLoop<TSimd, TVector, SquareplusActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.SparsePlus:
                UnaryLoop<TSimd, TVector, SparsePlusActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            case ActivationKind.SparseSigmoid:
                UnaryLoop<TSimd, TVector, SparseSigmoidActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
            default:
                UnaryLoop<TSimd, TVector, LinearActivation<TSimd, TVector>>.Run(x, y, length, 0f);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void ActivationBackward(
        Workers workers, ActivationKind kind, float* x, float* y, float* dy, float* dx, nint length, bool accumulate)
        => ActivationGradients<TSimd, TVector>.Run(workers, kind, x, y, dy, dx, length, accumulate);
}
