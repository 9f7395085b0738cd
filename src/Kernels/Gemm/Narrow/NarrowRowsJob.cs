using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A product of short sums with up to a vector of columns: all of B lies in L1, a padded vector a term, while the rows of A pass by.</summary>
internal unsafe struct NarrowRowsJob<TSimd, TVector> : IChunkJob<NarrowRowsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int GroupRows = 8;

    // From then on the calls of tiles cost less than their larger number of rows for each vector of B returns: level at 128 terms, 0.9 of them at 200.
    private const int MostTerms = 128;

    // Of a transposed A (0.95 of the speed of tiles at 48 terms, 0.8 at 256) and of products that are worth tiles of two terms a round (0.75 at 64).
    private const int FewTerms = 32;

    public GemmProblem P;

    public GemmTileCall Call;

    public int ChunkRows;

    // So many rows share a B that lies in vectors of its own: until then it is read where it is, under a mask.
    private const int PackingRows = 64;

    // A copy of B, or tiles of fewer rows, would take longer than the rows themselves do.
    private const int FewRows = 31;

    /// <summary>True where it is one of these products.</summary>
    public static bool Fits(in GemmProblem p)
    {
        if (p.N > TSimd.Count)
            return false;
        long work = (long)p.M * p.N * p.K;
        if (p.ColumnStrideB != 1)
            return p.RowStrideB == 1 && p.ColumnStrideA == 1 && p.M >= GroupRows && p.K <= MostTerms && work < GemmPlan.SharedWork;
        return p.M < GroupRows ? Masks && work < GemmPlan.SharedWork
            : p.K <= FewTerms || (work < GemmPlan.SharedWork && p.ColumnStrideA == 1 && (p.K <= MostTerms || (Masks && p.M <= FewRows)));
    }

    // Where a set has none, a vector that is not whole is gathered lane by lane.
    private static bool Masks => TSimd.Count >= 8;

    private static bool Packs(in GemmProblem p) => !Masks || p.M >= PackingRows || p.ColumnStrideB != 1;

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem p)
    {
        GemmTileCall call = default;
        call.B = p.B;
        call.RowStrideB = p.RowStrideB;
        call.RowStrideA = p.RowStrideA;
        call.ColumnStrideA = p.ColumnStrideA;
        call.RowStrideC = p.RowStrideC;
        call.Bias = p.Bias;
        call.K = p.K;
        call.Store = p.Ending(first: true, last: true) | GemmStore.Partial;
        call.Alpha = p.Alpha;
        call.Beta = p.Beta;
        call.LastCount = p.N;
        if (Packs(p))
        {
            call.B = w.Shared.Rent(p.K * TSimd.Count);
            call.RowStrideB = TSimd.Count;
            if (p.ColumnStrideB == 1)
                Pack(p, call.B);
            else
                GemmPacking<TSimd, TVector>.Panel(p.B, p.RowStrideB, p.ColumnStrideB, p.K, p.N, call.B);
        }
        if ((long)p.M * p.N * p.K < GemmPlan.SharedWork)
        {
            Rows(p, &call, 0, p.M, w.ScratchOf(0));
            return;
        }
        var job = new NarrowRowsJob<TSimd, TVector> { P = p, Call = call };
        job.ChunkRows = (int)Math.Max(GroupRows, Math.Min(GemmPlan.ChunkWork / ((long)p.N * p.K), p.M) / GroupRows * GroupRows);
        w.Run(ref job, (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows));
    }

    public static void Execute(ref NarrowRowsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.ChunkRows;
        GemmTileCall call = job.Call;
        Rows(job.P, &call, row, Math.Min(job.ChunkRows, job.P.M - row), scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in GemmProblem p, float* packed)
    {
        float* b = p.B;
        nint stride = p.RowStrideB;
        int columns = p.N;
        for (int k = p.K; k > 0; k--)
        {
            *(TVector*)packed = TSimd.LoadPartial(b, columns);
            b += stride;
            packed += TSimd.Count;
        }
    }

    private static void Rows(in GemmProblem p, GemmTileCall* call, int row, int rows, Scratch scratch)
    {
        // Few rows of a packed B are read under the mask, too: one body fewer to compile.
        if (p.M >= PackingRows || !Masks)
            Rows<WholeVectors<TSimd, TVector>>(p, call, row, rows, scratch);
        else
            Rows<FirstLanes<TSimd, TVector>>(p, call, row, rows, scratch);
    }

    private static void Rows<TAccess>(in GemmProblem p, GemmTileCall* call, int row, int rows, Scratch scratch)
        where TAccess : struct, IVectorAccess<TVector>
    {
        call->Spill = scratch.Rent(GroupRows * TSimd.Count);
        call->A = p.A + (row * p.RowStrideA);
        call->C = p.C + (row * p.RowStrideC);
        int groups = rows / GroupRows;
        int rest = rows - (groups * GroupRows);
        if (groups > 0)
            NarrowRows<TSimd, TVector, Eight, TAccess>.Run(call, groups);
        if (rest > 0)
        {
            // The last eight reach back over rows that are computed twice, to the same bits; not where C is added to.
            bool again = groups > 0 && !p.Accumulate;
            int last = row + (again ? rows - GroupRows : rows - rest);
            call->A = p.A + (last * p.RowStrideA);
            call->C = p.C + (last * p.RowStrideC);
            if (again)
                NarrowRows<TSimd, TVector, Eight, TAccess>.Run(call, 1);
            else if (groups > 0)
                NarrowRows<TSimd, TVector, One, TAccess>.Run(call, rest);
            else
                Of<TAccess>(rest)(call, 1);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC), p.RowStrideC, rows, p.N);
    }

    private static delegate*<GemmTileCall*, int, void> Of<TAccess>(int rows)
        where TAccess : struct, IVectorAccess<TVector>
        => rows switch
        {
            1 => &NarrowRows<TSimd, TVector, One, TAccess>.Run,
            2 => &NarrowRows<TSimd, TVector, Two, TAccess>.Run,
            3 => &NarrowRows<TSimd, TVector, Three, TAccess>.Run,
            4 => &NarrowRows<TSimd, TVector, Four, TAccess>.Run,
            5 => &NarrowRows<TSimd, TVector, Five, TAccess>.Run,
            6 => &NarrowRows<TSimd, TVector, Six, TAccess>.Run,
            _ => &NarrowRows<TSimd, TVector, Seven, TAccess>.Run,
        };
}
