using System.Runtime.CompilerServices;

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

    // Inlined into the door, whose other calls use up what the compiler inlines of its own accord: six calls were a tenth of a product of 8 × 8 × 8.
    internal int RowStrideA { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeA ? 1 : LeadingA; }

    internal int ColumnStrideA { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeA ? LeadingA : 1; }

    internal int RowStrideB { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeB ? 1 : LeadingB; }

    internal int ColumnStrideB { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeB ? LeadingB : 1; }

    internal int LeadingC { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Ldc == 0 ? N : Ldc; }

    internal long LengthA { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeA ? Extent(K, M, LeadingA) : Extent(M, K, LeadingA); }

    internal long LengthB { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => TransposeB ? Extent(N, K, LeadingB) : Extent(K, N, LeadingB); }

    internal long LengthC { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Extent(M, N, LeadingC); }

    private int LeadingA { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Lda != 0 ? Lda : TransposeA ? M : K; }

    private int LeadingB { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Ldb != 0 ? Ldb : TransposeB ? K : N; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Extent(int rows, int columns, int leading)
        => rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * leading) + columns;

    /// <inheritdoc/>
    public override string ToString()
        => $"({M}, {K}){(TransposeA ? "ᵀ" : "")} × ({K}, {N}){(TransposeB ? "ᵀ" : "")}";
}
