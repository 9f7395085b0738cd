namespace FlatFuse.Kernels;

/// <summary>
/// The few columns of the output that whole vectors leave over (2 of 50, or all of 3): a vector of tiles for them alone would do a vector's work for each term, so they are
/// dot products along the windows, which are contiguous.
/// </summary>
/// <remarks>Besides its multiply-adds, a vector of terms at a time, each element takes some ten instructions to add its lanes across: sums must be long enough for that. Measured
/// with 512 bits, 32 sequences: (100, 32) ∗ (3, 1) takes 0.3 of the time, ∗ (3, 4) 0.65, ∗ (3, 33) 0.75; the input gradient of (100, 50) ∗ (3, 32) 0.8.</remarks>
internal unsafe struct Conv1DRest<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // As wide as a tile of dot products.
    private const int MostColumns = 4;

    // 22 a column were level with 512 bits (4 columns of 66 terms) and behind with 256.
    private const int LeastTermsPerColumn = 24;

    /// <summary>How many; 0 for none.</summary>
    public int Columns;

    /// <summary>[Columns, terms], the kernel's columns as rows.</summary>
    public float* Kernel;

    /// <summary>Floats of working memory that <see cref="Multiply"/> needs.</summary>
    public readonly int ScratchLength => NarrowDotsJob<TSimd, TVector>.SumsLength(Columns);

    /// <summary>The columns of a sliding that are better computed here.</summary>
    public static int ColumnsOf(in Conv1DGeometry g)
    {
        int rest = g.OutputWidth % TSimd.Count;
        return rest <= Math.Min(MostColumns, TSimd.Count / 2) && g.Dilation == 1 && g.Terms >= rest * LeastTermsPerColumn ? rest : 0;
    }

    /// <summary>Fills <see cref="Kernel"/> from the first of these columns at <paramref name="kernel"/>; the strides say how it is stored.</summary>
    public readonly void Pack(in Conv1DGeometry g, float* kernel, nint tapStride, nint rowStride, nint columnStride)
    {
        float* to = Kernel;
        for (int column = 0; column < Columns; column++)
        {
            for (int tap = 0; tap < g.Taps; tap++)
            {
                float* from = kernel + (column * columnStride) + (tap * tapStride);
                for (int row = 0; row < g.InputWidth; row++)
                    *to++ = from[row * rowStride];
            }
        }
    }

    /// <summary>These columns of the product whose other columns are <paramref name="p"/>.</summary>
    public readonly void Multiply(GemmProblem p, float* sums)
    {
        p.C += p.N;
        p.Bias = p.Bias == null ? null : p.Bias + p.N;
        p.N = Columns;
        for (int row = 0; row < p.M; row += NarrowDotsJob<TSimd, TVector>.RowsAtOnce)
            NarrowDotsJob<TSimd, TVector>.Rows(p, Kernel, p.K, p.K, 0, row, Math.Min(NarrowDotsJob<TSimd, TVector>.RowsAtOnce, p.M - row), sums);
    }
}
