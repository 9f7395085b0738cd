using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The weight gradients of one block of steps, c (+)= aᵀ · b: a are the rows that entered a product, b the gradients that came back from it.
/// A chunk is a panel of columns for a group of rows of c.
/// </summary>
/// <remarks>
/// Beside <see cref="Gemm"/> because everything here is known: few hundred terms, both operands still in the cache, rows of b that begin on
/// cache lines. So nothing is
/// packed. Measured at 256 terms, 256 × 512, operands in L2: 177 against 153 GFLOP/s.
/// </remarks>
internal unsafe struct RecurrentWeightJob<TSimd, TVector> : IChunkJob<RecurrentWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // TermsPerBlock · 4 vectors · 64 bytes = 32 KB: a panel of b stays in L1 while all rows of c pass.
    private const int TermsPerBlock = 128;

    // Rows of c for which a panel of b is worth fetching.
    private const int RowsPerChunk = 64;

    // 24 accumulators in 32 registers, 12 in 16.
    private const int TileRows = 6;

    // Vectors of c from which tiles of two terms a round are worth compiling: an LSTM of 32 units has 264 of 16 floats.
    private const int LeastVectorsInPairs = 512;

    /// <summary>First row of a: <see cref="Terms"/> rows of <see cref="Rows"/> floats.</summary>
    public float* A;
    public nint StrideA;

    /// <summary>First row of b: <see cref="Terms"/> rows, readable in whole vectors.</summary>
    public float* B;
    public nint StrideB;

    /// <summary>Destination: <see cref="Rows"/> rows, writable in whole vectors.</summary>
    public float* C;
    public nint StrideC;

    public int Terms;
    public int Rows;

    /// <summary>Vectors in a row of b.</summary>
    public int Vectors;

    /// <summary>True to add to c.</summary>
    public bool Adds;

    /// <summary>Vectors of a whole panel.</summary>
    public static int PanelVectors => TSimd.Registers >= 32 ? 4 : 2;

    private readonly int RowChunks
        => (int)Math.Clamp((long)Rows * Terms * PanelVectors * TSimd.Count / GemmPlan.ChunkWork, 1, Math.Max(1, Rows / RowsPerChunk));

    private readonly int Chunks => (Vectors + PanelVectors - 1) / PanelVectors * RowChunks;

    public static void Run(Workers w, RecurrentWeightJob<TSimd, TVector> job) => w.Run(ref job, job.Chunks);

    /// <summary>All of it on the calling thread, which may itself run a chunk of another job: the same sums.</summary>
    public static void RunAlone(RecurrentWeightJob<TSimd, TVector> job)
    {
        int chunks = job.Chunks;
        for (int chunk = 0; chunk < chunks; chunk++)
            Execute(ref job, chunk);
    }

    public static void Execute(ref RecurrentWeightJob<TSimd, TVector> job, int chunk, Scratch scratch) => Execute(ref job, chunk);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Execute(ref RecurrentWeightJob<TSimd, TVector> job, int chunk)
    {
        int rowChunks = job.RowChunks;
        int panel = chunk / rowChunks;
        int first = (int)((long)job.Rows * (chunk % rowChunks) / rowChunks);
        int rows = (int)((long)job.Rows * ((chunk % rowChunks) + 1) / rowChunks) - first;
        int vectors = Math.Min(PanelVectors, job.Vectors - (panel * PanelVectors));
        int tiles = (rows + TileRows - 1) / TileRows;
        bool inPairs = job.Rows * job.Vectors >= LeastVectorsInPairs;
        GemmTileCall call = default;
        call.RowStrideA = 1;
        call.ColumnStrideA = job.StrideA;
        call.RowStrideB = job.StrideB;
        call.RowStrideC = job.StrideC;
        for (int row = 0; row < rows && job.Terms == 0 && !job.Adds; row++)
            new Span<float>(job.C + (panel * PanelVectors * TSimd.Count) + ((first + row) * job.StrideC), vectors * TSimd.Count).Clear();
        for (int k = 0; k < job.Terms; k += TermsPerBlock)
        {
            call.K = Math.Min(TermsPerBlock, job.Terms - k);
            call.A = job.A + (k * job.StrideA) + first;
            call.B = job.B + (k * job.StrideB) + (panel * PanelVectors * TSimd.Count);
            call.C = job.C + (panel * PanelVectors * TSimd.Count) + (first * job.StrideC);
            call.Store = job.Adds || k > 0 ? GemmStore.Add : GemmStore.Plain;
            for (int tile = 0; tile < tiles; tile++)
            {
                // Equal heights: the first (rows mod tiles) tiles are one row taller than the others.
                int height = (rows / tiles) + (tile < rows % tiles ? 1 : 0);
                for (int row = 0; row < height; row++)
                    CacheHint.RowToL1(call.C + (row * job.StrideC), vectors * TSimd.Count);
                GemmTiles<TSimd, TVector>.WithoutEndings(PanelVectors == 4, height, vectors, inPairs)(&call);
                call.A += height;
                call.C += height * job.StrideC;
            }
        }
    }
}
