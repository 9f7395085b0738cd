namespace FlatFuse.Kernels;

/// <summary>[x | h]ᵀ · (gradients of the pre-activations), over the rows of one block of steps, while they are in the cache.</summary>
internal static unsafe class LSTMWeightGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// The product of steps <paramref name="firstStep"/> up to, not including, <paramref name="endStep"/>, for one of the layout's sums: a chunk's
    /// rows, or all.
    /// </summary>
    public static RecurrentWeightJob<TSimd, TVector> Of(
        in LSTMShape s, in LSTMLayout layout, in LSTMMemory memory, int sum, int firstStep, int endStep)
    {
        bool splits = layout.SplitsWeightGradients;
        int first = splits ? layout.ChunkStart(sum) : 0;
        int rows = splits ? layout.ChunkStart(sum + 1) - first : s.Batch;
        nint inputRow = layout.FirstRow(first, s.Steps + 1) + ((nint)firstStep * rows);
        return new RecurrentWeightJob<TSimd, TVector>
        {
            A = memory.Inputs + (inputRow * layout.InputStride), StrideA = layout.InputStride,
            B = memory.GateGradients + (layout.FirstRow(first, layout.TimeBlock) * layout.GateStride), StrideB = layout.GateStride,
            C = memory.WeightGradients + ((nint)sum * layout.Depth * layout.GateStride), StrideC = layout.GateStride,
            Terms = (endStep - firstStep) * rows, Rows = layout.Depth, Vectors = layout.GateVectors, Adds = endStep < s.Steps,
        };
    }
}
