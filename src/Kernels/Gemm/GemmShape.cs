namespace FlatFuse.Kernels;

/// <summary>
/// The sizes of <c>C[M, N] = op(A)[M, K] · op(B)[K, N]</c>, all row-major; op transposes or does nothing.
/// </summary>
/// <remarks>
/// A leading dimension is the distance in elements from one stored row to the next; 0 means dense. Rows of A and B may overlap
/// (a leading dimension below the row's length), because they are only read: that turns a convolution into a product without copying
/// its windows. Rows of C may not.
/// </remarks>
/// <param name="M">Rows of C and op(A).</param>
/// <param name="N">Columns of C and op(B).</param>
/// <param name="K">Columns of op(A), rows of op(B): the length of each sum.</param>
public readonly record struct GemmShape(int M, int N, int K)
{
    /// <summary>True when A is stored as [K, M].</summary>
    public bool TransposeA { get; init; }

    /// <summary>True when B is stored as [N, K].</summary>
    public bool TransposeB { get; init; }

    /// <summary>Distance between stored rows of A; 0 for dense.</summary>
    public int Lda { get; init; }

    /// <summary>Distance between stored rows of B; 0 for dense.</summary>
    public int Ldb { get; init; }

    /// <summary>Distance between rows of C, at least N; 0 for dense.</summary>
    public int Ldc { get; init; }

    /// <summary>
    /// True when B is written between two such products, as the weights in a training are: a product of few rows and long sums, nothing transposed, is then
    /// computed in parts of the sums from 64 K floats of B on, so that each thread reads what it wrote (else from 256 K on). Its value may change the
    /// order of additions.
    /// </summary>
    public bool UpdatesB { get; init; }

    internal int RowStrideA => TransposeA ? 1 : LeadingA;

    internal int ColumnStrideA => TransposeA ? LeadingA : 1;

    internal int RowStrideB => TransposeB ? 1 : LeadingB;

    internal int ColumnStrideB => TransposeB ? LeadingB : 1;

    internal int LeadingC => Ldc == 0 ? N : Ldc;

    internal long LengthA => TransposeA ? Extent(K, M, LeadingA) : Extent(M, K, LeadingA);

    internal long LengthB => TransposeB ? Extent(N, K, LeadingB) : Extent(K, N, LeadingB);

    internal long LengthC => Extent(M, N, LeadingC);

    private int LeadingA => Lda != 0 ? Lda : TransposeA ? M : K;

    private int LeadingB => Ldb != 0 ? Ldb : TransposeB ? K : N;

    private static long Extent(int rows, int columns, int leading)
        => rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * leading) + columns;

    /// <inheritdoc/>
    public override string ToString()
        => $"({M}, {K}){(TransposeA ? "ᵀ" : "")} × ({K}, {N}){(TransposeB ? "ᵀ" : "")}";
}
