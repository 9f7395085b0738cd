namespace FlatFuse.Kernels;

/// <summary>What <see cref="RowNormalizationKernel"/> works on: rows, each brought to one size on its own.</summary>
/// <param name="Statistic">By what a row is divided.</param>
/// <param name="Rows">Rows, 0 or more.</param>
/// <param name="Width">Elements of a row, 0 or more.</param>
/// <param name="Epsilon">ε, under the root; not used by <see cref="RowStatistic.Norm"/>.</param>
public readonly record struct RowNormalizationShape(RowStatistic Statistic, int Rows, int Width, double Epsilon)
{
    /// <summary>Keras's bound of 1/‖x‖: only a row of zeros (or nearly so) reaches it, and its gradient is 0.</summary>
    public const double LargestInverseNorm = 1e12;

    /// <summary>Floats that forward leaves for backward about each row: centre, scale, shift.</summary>
    public const int StatisticsOfRow = 3;

    /// <summary>Elements of x.</summary>
    public long Count => (long)Rows * Width;

    /// <summary>1 / (what the row is divided by), from the sum of the squares of what is divided.</summary>
    internal double ScaleOf(double squares) => Statistic == RowStatistic.Norm
        ? Math.Min(1 / Math.Sqrt(squares), LargestInverseNorm)
        : 1 / Math.Sqrt((squares / Width) + Epsilon);
}
