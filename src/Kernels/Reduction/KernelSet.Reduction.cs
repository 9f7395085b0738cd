namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void Reduce(Workers workers, ReductionKind kind, float* x, nint length, int chunkLength, int chunks, double* partial);

    internal abstract unsafe void SumRows(Workers workers, int rows, int columns, float* x, float* y, bool accumulate);

    internal abstract unsafe void SumColumns(Workers workers, int rows, int columns, float* x, float* y, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void Reduce(Workers workers, ReductionKind kind, float* x, nint length, int chunkLength, int chunks, double* partial)
    {
        switch (kind)
        {
            case ReductionKind.Sum:
                ReductionLoop<TSimd, TVector, SumReduction<TSimd, TVector>>.Run(workers, x, length, chunkLength, chunks, partial);
                break;
            case ReductionKind.SumOfSquares:
                ReductionLoop<TSimd, TVector, SumOfSquaresReduction<TSimd, TVector>>.Run(workers, x, length, chunkLength, chunks, partial);
                break;
            case ReductionKind.SumOfAbsolutes:
                ReductionLoop<TSimd, TVector, SumOfAbsolutesReduction<TSimd, TVector>>.Run(workers, x, length, chunkLength, chunks, partial);
                break;
            case ReductionKind.Max:
                ReductionLoop<TSimd, TVector, MaxReduction<TSimd, TVector>>.Run(workers, x, length, chunkLength, chunks, partial);
                break;
            case ReductionKind.SumOfZeros:
                ReductionLoop<TSimd, TVector, SumOfZerosReduction<TSimd, TVector>>.Run(workers, x, length, chunkLength, chunks, partial);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <inheritdoc/>
    internal override void SumRows(Workers workers, int rows, int columns, float* x, float* y, bool accumulate)
        => RowSums<TSimd, TVector>.Run(workers, rows, columns, x, y, accumulate);

    /// <inheritdoc/>
    internal override void SumColumns(Workers workers, int rows, int columns, float* x, float* y, bool accumulate)
        => ColumnSums<TSimd, TVector>.Run(workers, rows, columns, x, y, accumulate);
}
