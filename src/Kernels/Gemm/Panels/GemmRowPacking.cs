using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>Copies the rows of a tile so that their elements lie side by side, term by term: one stream instead of one a row, at addresses without an index.</summary>
internal static unsafe class GemmRowPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats from one packed tile to the next: whole vectors are stored, so up to a vector is written beyond the last element.</summary>
    public static int TileLength(int tileRows, int depth) => AlignedBuffer.RoundUp(checked((tileRows * depth) + TSimd.Count));

    /// <summary>
    /// A tile's rows of a transposed A: the <paramref name="rows"/> elements of each k side by side. In place each k would be a line of its own at
    /// a distance that is often a power of two, and those share few sets of L1.
    /// </summary>
    /// <param name="a">First element.</param>
    /// <param name="columnStride">Floats from one k to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="readable">Floats that may be read at each k, at least <paramref name="rows"/>.</param>
    /// <param name="packed">[depth, rows], and room for a vector behind.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns(float* a, nint columnStride, int depth, int rows, int readable, float* packed)
    {
        int width = (rows + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        for (int k = 0; k < depth; k++)
        {
            // What a store writes beyond its rows the next one overwrites.
            if (width <= readable)
            {
                for (int i = 0; i < width; i += TSimd.Count)
                    *(TVector*)(packed + i) = *(TVector*)(a + i);
            }
            else
            {
                for (int i = 0; i < width; i += TSimd.Count)
                    *(TVector*)(packed + i) = TSimd.LoadPartial(a + i, Math.Min(TSimd.Count, rows - i));
            }
            a += columnStride;
            packed += rows;
        }
    }

    /// <summary>A tile's rows of A, turned: they lie as <see cref="Columns"/> lays them down. What is left of either side is less than a square: the last one reaches back over
    /// what has been written.</summary>
    /// <param name="a">First element.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="packed">[depth, rows].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(float* a, nint rowStride, int depth, int rows, float* packed)
    {
        int i = 0;
        if (depth >= 4 && rows >= 8 && Avx.IsSupported)
        {
            for (; i < rows; i += 8)
            {
                int first = Math.Min(i, rows - 8);
                float* from = a + (first * rowStride);
                for (int k = 0; k < depth; k += 4)
                {
                    int at = Math.Min(k, depth - 4);
                    Simd256.TransposeHalf(from + at, rowStride, packed + ((nint)at * rows) + first, rows);
                }
            }
        }
        else if (depth >= 4 && rows >= 4)
        {
            for (; i < rows; i += 4)
            {
                int first = Math.Min(i, rows - 4);
                float* from = a + (first * rowStride);
                for (int k = 0; k < depth; k += 4)
                {
                    int at = Math.Min(k, depth - 4);
                    Simd128.Transpose(from + at, rowStride, packed + ((nint)at * rows) + first, rows);
                }
            }
        }
        for (; i < rows; i++)
        {
            for (int k = 0; k < depth; k++)
                packed[((nint)k * rows) + i] = a[(i * rowStride) + k];
        }
    }
}

/// <summary>Packs the row tiles of a block of K of a transposed A, chunks of rows as the plan cuts them.</summary>
internal unsafe struct GemmRowPackJob<TSimd, TVector> : IChunkJob<GemmRowPackJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmPlan Plan;

    /// <summary>Element (0, first k).</summary>
    public float* A;

    public nint ColumnStride;
    public int Depth, Rows;
    public float* Packed;
    public nint PackedTile;

    public static void Execute(ref GemmRowPackJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.Plan.ChunkRows;
        var tiles = new GemmRowTiles(Math.Min(job.Plan.ChunkRows, job.Rows - row), job.Plan.TileRows);
        float* packed = job.Packed + (chunk * job.Plan.ChunkTiles * job.PackedTile);
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            GemmRowPacking<TSimd, TVector>.Columns(job.A + row, job.ColumnStride, job.Depth, tiles.Height(tile), job.Rows - row, packed);
            row += tiles.Height(tile);
            packed += job.PackedTile;
        }
    }
}
