using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The weight gradients of one block of steps, c (+)= aᵀ · b: a are the rows that entered a product, b the gradients that came back from it.
/// A chunk is a panel of columns for a group of rows of c.
/// </summary>
/// <remarks>
/// Beside <see cref="Gemm"/> because everything here is known: few hundred terms, both operands still in the cache, rows of b that begin on
/// cache lines. So b is never packed.
/// </remarks>
internal unsafe struct RecurrentWeightJob<TSimd, TVector> : IChunkJob<RecurrentWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Rows of c for which a panel of b is worth fetching.
    private const int RowsPerChunk = 64;

    // 24 accumulators in 32 registers, 12 in 16.
    private const int PlainRows = 6;

    // Vectors of c from which tiles of two terms a round are worth compiling: an LSTM of 32 units has 264 of 16 floats.
    private const int LeastVectorsInPairs = 512;

    // Multiply-adds from which a second thread is worth what it has to fetch.
    private const long LeastWorkShared = 2_000_000;

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

    /// <summary>Where one caller lays the rows of a tile side by side, <see cref="RecurrentWeightTiles.PackedLength"/> floats; null to read them where they lie: the same sums.</summary>
    public float* Packed;

    private readonly long Work => (long)Rows * Terms * Vectors * TSimd.Count;

    private readonly bool InPairs => Rows * Vectors >= LeastVectorsInPairs;

    // 14 rows by 2 vectors with a packed take the fewest instructions (0.95 of the time of 6 by 4 in place, 0.88 beside a neighbour on the same core).
    // Little work takes 6 by 4, which compile sooner, unless those came in two heights and the tall ones in one (33 rows: 3 times 11, not 6 and 5); 16 registers 6 by 2.
    private readonly bool IsTall => TSimd.Registers >= 32 && (InPairs || (IsEven(RecurrentWeightTiles.Rows) && !IsEven(PlainRows)));

    private readonly int PanelVectors => TSimd.Registers < 32 || IsTall ? 2 : 4;

    private readonly int TileRows => IsTall ? RecurrentWeightTiles.Rows : PlainRows;

    private readonly bool IsEven(int mostRows) => Rows % Math.Max(1, (Rows + mostRows - 1) / mostRows) == 0;

    private readonly int RowChunks
        => (int)Math.Clamp((long)Rows * Terms * PanelVectors * TSimd.Count / GemmPlan.ChunkWork, 1, Math.Max(1, Rows / RowsPerChunk));

    private readonly int Chunks => (Vectors + PanelVectors - 1) / PanelVectors * RowChunks;

    public static void Run(Workers w, RecurrentWeightJob<TSimd, TVector> job)
    {
        if (w.Threads == 1 || job.Work < LeastWorkShared)
            RunAlone(job);
        else
            w.Run(ref job, job.Chunks);
    }

    /// <summary>All of it on the calling thread, which may itself run a chunk of another job: the same sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunAlone(RecurrentWeightJob<TSimd, TVector> job)
    {
        if (!job.IsTall || !job.InPairs)
            job.Packed = null;
        for (int k = 0; k < job.Terms || k == 0; k += RecurrentWeightTiles.Terms)
        {
            if (job.Packed != null)
                job.Pack(k);
            for (int vector = 0; vector < job.Vectors; vector += job.PanelVectors)
                job.RunPanel(k, vector, 0, job.Rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref RecurrentWeightJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int rowChunks = job.RowChunks;
        int first = (int)((long)job.Rows * (chunk % rowChunks) / rowChunks);
        int rows = (int)((long)job.Rows * ((chunk % rowChunks) + 1) / rowChunks) - first;
        job.Packed = null;
        for (int k = 0; k < job.Terms || k == 0; k += RecurrentWeightTiles.Terms)
            job.RunPanel(k, chunk / rowChunks * job.PanelVectors, first, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Pack(int k)
    {
        var tiles = new GemmRowTiles(Rows, RecurrentWeightTiles.Rows);
        int terms = Math.Min(RecurrentWeightTiles.Terms, Terms - k);
        float* a = A + (k * StrideA);
        float* packed = Packed;
        for (int tile = 0, row = 0; tile < tiles.Count; tile++)
        {
            int height = tiles.Height(tile);
            GemmRowPacking<TSimd, TVector>.Columns(a + row, StrideA, terms, height, Rows - row, packed);
            row += height;
            packed += RecurrentWeightTiles.Length;
        }
    }

    // A block of terms of the sums of one panel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void RunPanel(int k, int vector, int first, int rows)
    {
        int vectors = Math.Min(PanelVectors, Vectors - vector);
        float* c = C + (first * StrideC) + (vector * TSimd.Count);
        if (Terms == 0)
        {
            for (int row = 0; row < rows && !Adds; row++)
                new Span<float>(c + (row * StrideC), vectors * TSimd.Count).Clear();
            return;
        }
        GemmTileCall call = default;
        call.K = Math.Min(RecurrentWeightTiles.Terms, Terms - k);
        call.A = Packed != null ? Packed : A + (k * StrideA) + first;
        call.RowStrideA = 1;
        call.ColumnStrideA = StrideA;
        call.B = B + (k * StrideB) + (vector * TSimd.Count);
        call.RowStrideB = StrideB;
        call.C = c;
        call.RowStrideC = StrideC;
        call.Store = Adds || k > 0 ? GemmStore.Add : GemmStore.Plain;
        var tiles = new GemmRowTiles(rows, TileRows);
        bool wide = PanelVectors == 4, inPairs = InPairs;
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int height = tiles.Height(tile);
            if (Packed != null)
                call.ColumnStrideA = height;
            for (int row = 0; row < height; row++)
                CacheHint.RowToL1(call.C + (row * StrideC), vectors * TSimd.Count);
            GemmTiles<TSimd, TVector>.WithoutEndings(wide, height, vectors, inPairs)(&call);
            call.A += Packed != null ? RecurrentWeightTiles.Length : height;
            call.C += height * StrideC;
        }
    }
}
