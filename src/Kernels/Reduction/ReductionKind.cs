namespace FlatFuse.Kernels;

/// <summary>What a whole span can be reduced to.</summary>
internal enum ReductionKind
{
    Sum,
    SumOfSquares,
    SumOfAbsolutes,
    Max,

    /// <summary>Σ 0 · x: 0 when all are finite, else NaN.</summary>
    SumOfZeros,
}
