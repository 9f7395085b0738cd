using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A product of short sums with up to a vector of columns: all of B lies in L1, a padded vector a term, while the rows of A pass by.</summary>
internal unsafe struct NarrowRowsJob<TSimd, TVector> : IChunkJob<NarrowRowsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int GroupRows = 8;

    // From then on the calls of tiles cost less than their larger number of rows for each vector of B returns: level at 128 terms, 0.9 of them at 200.
    private const int MostTerms = 128;

    // Of a transposed A (0.95 of the speed of tiles at 48 terms, 0.8 at 256) and of products that are worth tiles of two terms a round (0.75 at 64).
    private const int FewTerms = 32;

    public GemmProblem P;

    public GemmTileCall Call;

    public int ChunkRows;

    /// <summary>True where it is one of these products.</summary>
    public static bool Fits(in GemmProblem p)
        => p.N <= TSimd.Count && p.ColumnStrideB == 1 && p.M >= GroupRows
            && (p.K <= FewTerms || (p.K <= MostTerms && p.ColumnStrideA == 1 && (long)p.M * p.N * p.K < GemmPlan.SharedWork));

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem p)
    {
        GemmTileCall call = default;
        call.B = w.Shared.Rent(p.K * TSimd.Count);
        call.RowStrideA = p.RowStrideA;
        call.ColumnStrideA = p.ColumnStrideA;
        call.RowStrideC = p.RowStrideC;
        call.Bias = p.Bias;
        call.K = p.K;
        call.Store = p.Ending(first: true, last: true) | GemmStore.Partial;
        call.Alpha = p.Alpha;
        call.Beta = p.Beta;
        call.LastCount = p.N;
        Pack(p, call.B);
        if ((long)p.M * p.N * p.K < GemmPlan.SharedWork)
        {
            Rows(p, call, 0, p.M, w.ScratchOf(0));
            return;
        }
        var job = new NarrowRowsJob<TSimd, TVector> { P = p, Call = call };
        job.ChunkRows = (int)Math.Max(GroupRows, Math.Min(GemmPlan.ChunkWork / ((long)p.N * p.K), p.M) / GroupRows * GroupRows);
        w.Run(ref job, (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows));
    }

    public static void Execute(ref NarrowRowsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.ChunkRows;
        Rows(job.P, job.Call, row, Math.Min(job.ChunkRows, job.P.M - row), scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in GemmProblem p, float* packed)
    {
        float* b = p.B;
        nint stride = p.RowStrideB;
        int columns = p.N;
        for (int k = p.K; k > 0; k--)
        {
            TSimd.Store(packed, TSimd.LoadPartial(b, columns));
            b += stride;
            packed += TSimd.Count;
        }
    }

    private static void Rows(in GemmProblem p, GemmTileCall call, int row, int rows, Scratch scratch)
    {
        call.Spill = scratch.Rent(GroupRows * TSimd.Count);
        call.A = p.A + (row * p.RowStrideA);
        call.C = p.C + (row * p.RowStrideC);
        int groups = rows / GroupRows;
        int rest = rows - (groups * GroupRows);
        if (groups > 0)
            NarrowRows<TSimd, TVector, Eight>.Run(&call, groups);
        if (rest > 0)
        {
            // The last eight reach back over rows that are computed twice, to the same bits; not where C is added to.
            bool again = groups > 0 && !p.Accumulate;
            int last = row + (again ? rows - GroupRows : rows - rest);
            call.A = p.A + (last * p.RowStrideA);
            call.C = p.C + (last * p.RowStrideC);
            if (again)
                NarrowRows<TSimd, TVector, Eight>.Run(&call, 1);
            else
                NarrowRows<TSimd, TVector, One>.Run(&call, rest);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC), p.RowStrideC, rows, p.N);
    }
}
