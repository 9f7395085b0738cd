namespace FlatFuse.Kernels;

/// <summary>[x | h]ᵀ · (gradients of the pre-activations), over the rows of one block of steps, while they are in the cache.</summary>
internal static unsafe class LSTMWeightGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// The product of steps <paramref name="firstStep"/> up to, not including, <paramref name="endStep"/>, for one of the layout's sums: a chunk's
    /// rows, or all.
    /// </summary>
    public static RecurrentWeightJob<TSimd, TVector> Of(
        in LSTMShape s, in LSTMLayout layout, in LSTMMemory memory, int sum, int firstStep, int endStep)
    {
        int first = layout.Chunks.SumStart(sum);
        int rows = layout.Chunks.SumStart(sum + 1) - first;
        nint row = layout.Chunks.BlockRow(first);
        return new RecurrentWeightJob<TSimd, TVector>
        {
            A = memory.Inputs + (row * layout.InputStride), StrideA = layout.InputStride,
            B = memory.GateGradients + (row * layout.GateStride), StrideB = layout.GateStride,
            C = memory.WeightGradients + ((nint)sum * layout.Depth * layout.GateStride), StrideC = layout.GateStride,
            Packed = memory.WeightTiles + ((nint)sum * layout.WeightTilesLength),
            Terms = (endStep - firstStep) * rows, Rows = layout.Depth, Vectors = layout.GateVectors, Adds = endStep < s.Steps,
        };
    }
}
