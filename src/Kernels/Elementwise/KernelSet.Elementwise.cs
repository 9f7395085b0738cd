namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void Unary(Workers workers, UnaryOperation operation, float* x, float* y, nint length, float parameter, float second);

    internal abstract unsafe void Binary(
        Workers workers, BinaryOperation operation, float* left, float* right, float* y, nint length, float parameter);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void Unary(Workers workers, UnaryOperation operation, float* x, float* y, nint length, float parameter, float second)
    {
        switch (operation)
        {
            case UnaryOperation.Exp:
                UnaryLoop<TSimd, TVector, ExpOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Log:
                UnaryLoop<TSimd, TVector, LogOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Sqrt:
                UnaryLoop<TSimd, TVector, SqrtOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Square:
                UnaryLoop<TSimd, TVector, SquareOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Abs:
                UnaryLoop<TSimd, TVector, AbsOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Negate:
                UnaryLoop<TSimd, TVector, NegateOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Scale:
                UnaryLoop<TSimd, TVector, ScaleOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Reciprocal:
                UnaryLoop<TSimd, TVector, ReciprocalOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter);
                break;
            case UnaryOperation.Affine:
                TwoNumberLoop<TSimd, TVector, AffineOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter, second);
                break;
            case UnaryOperation.Clip:
                TwoNumberLoop<TSimd, TVector, ClipOperator<TSimd, TVector>>.Run(workers, x, y, length, parameter, second);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    /// <inheritdoc/>
    internal override void Binary(
        Workers workers, BinaryOperation operation, float* left, float* right, float* y, nint length, float parameter)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                BinaryLoop<TSimd, TVector, AddOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.Subtract:
                BinaryLoop<TSimd, TVector, SubtractOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.Multiply:
                BinaryLoop<TSimd, TVector, MultiplyOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.Divide:
                BinaryLoop<TSimd, TVector, DivideOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.Maximum:
                BinaryLoop<TSimd, TVector, MaximumOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.Minimum:
                BinaryLoop<TSimd, TVector, MinimumOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.AddScaled:
                BinaryLoop<TSimd, TVector, AddScaledOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            case BinaryOperation.AddSign:
                BinaryLoop<TSimd, TVector, AddSignOperator<TSimd, TVector>>.Run(workers, left, right, y, length, parameter);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }
}
