namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void UnaryGradient(
        Workers workers, UnaryDerivative function, float* x, float* y, float* dy, float* dx, nint length, bool accumulate, float first, float second);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void UnaryGradient(
        Workers workers, UnaryDerivative function, float* x, float* y, float* dy, float* dx, nint length, bool accumulate, float first, float second)
    {
        switch (function)
        {
            case UnaryDerivative.Exp:
                UnaryDerivativeLoop<TSimd, TVector, ExpDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Log:
                UnaryDerivativeLoop<TSimd, TVector, LogDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Sqrt:
                UnaryDerivativeLoop<TSimd, TVector, SqrtDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Square:
                UnaryDerivativeLoop<TSimd, TVector, SquareDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Abs:
                UnaryDerivativeLoop<TSimd, TVector, AbsDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Reciprocal:
                UnaryDerivativeLoop<TSimd, TVector, ReciprocalDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            case UnaryDerivative.Clip:
                UnaryDerivativeLoop<TSimd, TVector, ClipDerivative<TSimd, TVector>>.Run(workers, x, y, dy, dx, length, accumulate, first, second);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, "Elementwise.Gradient: unknown function; expected a member of UnaryDerivative.");
        }
    }
}
