using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A transposed B laid down as the strips read it: all of it at once where the product is small, block of columns by block where it has few terms.</summary>
/// <remarks>Threads that share a product turn B each for itself: a copy that both read from the core that wrote it took two to four times as long ((32, 32) · (784, 32)ᵀ).</remarks>
internal static unsafe class GemmStripTranspose<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Fewer rows of C do not pay for the copy, unless it is as quick as that of few terms.
    private const int LeastRows = 32;

    // The gradient of the inputs of a layer with few units: storing C takes longer than anything else.
    private const int FewTerms = 8;

    // 16 KB of B's rows, in L1 beside what passes by.
    private const int BlockFloats = 4096;

    /// <summary>True for a transposed B whose copy strips can take.</summary>
    public static bool Fits(in GemmProblem p)
        => p.RowStrideB == 1 && p.ColumnStrideB != 1 && p.N >= TSimd.Count
            && (p.K <= FewTerms || (p.M >= LeastRows && GemmStrips<TSimd, TVector>.IsSmall(p)))
            && GemmStrips<TSimd, TVector>.Fits(p with { RowStrideB = p.N, ColumnStrideB = 1 });

    /// <summary>Runs a product that <see cref="Fits"/>.</summary>
    public static void Run(Workers w, in GemmProblem p)
    {
        if (p.K <= FewTerms)
        {
            int block = BlockFloats / NarrowPacking<TSimd, TVector>.Rows(p.K) / TSimd.Count * TSimd.Count;
            int blocks = (int)(((long)p.N + block - 1) / block);
            // A last block of less than a vector is its neighbour's.
            if (blocks > 1 && p.N - ((blocks - 1) * block) < TSimd.Count)
                blocks--;
            var job = new GemmStripTransposeJob<TSimd, TVector> { P = p, Block = block, Blocks = blocks, Chunk = p.M };
            bool shares = w.Threads > 1 && !GemmStrips<TSimd, TVector>.IsAlone(p);
            if (shares && blocks == 1)
            {
                job.Key = w.NextKey();
                job.Chunk = GemmStrips<TSimd, TVector>.RowsOfChunk(p.M, GemmStrips<TSimd, TVector>.ChunksOf(p));
            }
            w.Run(ref job, blocks == 1 ? (p.M + job.Chunk - 1) / job.Chunk : blocks, shares);
            return;
        }
        // An odd number of vectors from row to row: they spread over the sets of L1.
        int vectors = (p.N + TSimd.Count - 1) / TSimd.Count;
        int pitch = (vectors | 1) * TSimd.Count;
        float* copy = w.Shared.Rent(pitch * p.K);
        GemmPacking<TSimd, TVector>.Transpose(p.B, p.ColumnStrideB, p.K, p.N, copy, pitch);
        GemmStrips<TSimd, TVector>.Run(w, p with { B = copy, RowStrideB = pitch, ColumnStrideB = 1 });
    }
}

/// <summary>Rows of C, or where it is wide blocks of its columns, whose part of B each thread turns for itself and keeps for its next chunk.</summary>
internal unsafe struct GemmStripTransposeJob<TSimd, TVector> : IChunkJob<GemmStripTransposeJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    /// <summary>Columns of a block, and how many there are.</summary>
    public int Block, Blocks;

    /// <summary>Rows of a chunk: all of them where there are several blocks.</summary>
    public int Chunk;

    public long Key;

    public static void Execute(ref GemmStripTransposeJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        GemmProblem p = job.P;
        int column = job.Blocks == 1 ? 0 : chunk * job.Block;
        int columns = job.Blocks == 1 || chunk == job.Blocks - 1 ? p.N - column : job.Block;
        int row = job.Blocks == 1 ? chunk * job.Chunk : 0;
        int pitch = (((columns + TSimd.Count - 1) / TSimd.Count) | 1) * TSimd.Count;
        float* b = job.Key == 0 ? null : scratch.Kept(job.Key);
        if (b == null)
        {
            b = scratch.Rent(NarrowPacking<TSimd, TVector>.Rows(p.K) * pitch);
            NarrowPacking<TSimd, TVector>.ToRows(p.B + (column * p.ColumnStrideB), p.ColumnStrideB, columns, p.K, b, pitch);
            scratch.Keep(job.Key);
        }
        p.B = b;
        p.RowStrideB = pitch;
        p.ColumnStrideB = 1;
        p.C += column;
        if (p.Bias != null)
            p.Bias += column;
        GemmStrips<TSimd, TVector>.Part(p, row, Math.Min(p.M, row + job.Chunk), 0, columns, down: false);
    }
}
