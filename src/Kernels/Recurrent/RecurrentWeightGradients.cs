namespace FlatFuse.Kernels;

/// <summary>[x | h | r·h]ᵀ · (the gates' gradients) over the rows of one block of steps, while they are in the cache.</summary>
internal readonly unsafe struct RecurrentWeightGradients<TSimd, TVector>(RecurrentShape s, RecurrentLayout layout, RecurrentMemory memory, bool kernel, bool recurrentKernel)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True if anybody wants any.</summary>
    public bool AreWanted => kernel || recurrentKernel;

    /// <summary>Adds steps <paramref name="first"/> up to, not including, <paramref name="end"/> to one of the layout's sums, by all threads.</summary>
    public void Add(Workers w, int sum, int first, int end)
    {
        for (int product = FirstProduct; product < EndProduct; product++)
            RecurrentWeightJob<TSimd, TVector>.Run(w, Product(product, sum, first, end));
    }

    /// <summary>The same on the calling thread, which may itself run a chunk of another job.</summary>
    public void AddAlone(int sum, int first, int end)
    {
        for (int product = FirstProduct; product < EndProduct; product++)
            RecurrentWeightJob<TSimd, TVector>.RunAlone(Product(product, sum, first, end));
    }

    private int FirstProduct => kernel ? 0 : 1;

    // x to all gates; h to those that come from h; and, where the state is reset before the product, r·h to the candidate.
    private int EndProduct => !recurrentKernel ? 1 : s.Kind == RecurrentKind.ResetBefore ? 3 : 2;

    // Each into columns of a matrix of all the gates' columns.
    private RecurrentWeightJob<TSimd, TVector> Product(int product, int sum, int firstStep, int endStep)
    {
        RecurrentChunks chunks = layout.Chunks;
        int padded = layout.PaddedUnits;
        int first = chunks.SumStart(sum);
        int rows = chunks.SumStart(sum + 1) - first;
        float* inputs = memory.Inputs + (chunks.BlockRow(first) * layout.InputStride);
        float* gates = memory.GateGradients + (chunks.BlockRow(first) * layout.GateStride);
        float* recurrent = memory.RecurrentGradients + ((nint)sum * layout.RecurrentLength);
        var job = new RecurrentWeightJob<TSimd, TVector>
        {
            A = inputs, StrideA = layout.InputStride, B = gates, StrideB = layout.GateStride,
            C = memory.KernelGradients + ((nint)sum * layout.KernelLength), StrideC = layout.Gates * padded,
            Packed = memory.WeightTiles + ((nint)sum * layout.WeightTilesLength),
            Terms = (endStep - firstStep) * rows, Rows = s.Features, Vectors = layout.Gates * layout.Blocks, Adds = endStep < s.Steps,
        };
        if (product == 0)
            return job;
        job.Rows = s.Units;
        job.A = inputs + s.Features;
        job.C = recurrent;
        if (s.Kind == RecurrentKind.Simple)
            return job;
        if (s.Kind == RecurrentKind.ResetAfter)
        {
            job.B = gates + padded;
            return job;
        }
        job.A = inputs + (product == 1 ? s.Features : layout.ResetPlace);
        job.B = gates + (product == 1 ? padded : 0);
        job.C = recurrent + (product == 1 ? 0 : 2 * padded);
        job.Vectors = (product == 1 ? 2 : 1) * layout.Blocks;
        return job;
    }
}
