namespace FlatFuse.Kernels;

/// <summary>
/// The weight gradient of the depthwise convolution: a chunk is a block of columns of one tap and adds all sequences and steps in order,
/// so that the sum's order is fixed.
/// </summary>
internal unsafe struct DepthwiseConv1DWeightJob<TSimd, TVector> : IChunkJob<DepthwiseConv1DWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // The sums of a block stay in L1 while rows pass by; four 512-bit vectors.
    public const int BlockColumns = 64;

    public Conv1DShape Shape;
    public float* X;
    public float* DY;
    public float* DKernel;

    /// <summary>Blocks of columns of a tap.</summary>
    public int Blocks;

    public bool Accumulate;

    public static void Execute(ref DepthwiseConv1DWeightJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        int width = s.Filters;
        int tap = chunk / job.Blocks;
        int first = chunk % job.Blocks * BlockColumns;
        int count = Math.Min(BlockColumns, width - first);
        float* sums = job.DKernel + ((nint)tap * width) + first;
        if (!job.Accumulate)
            new Span<float>(sums, count).Clear();
        bool repeats = width != s.Channels;
        float* repeated = repeats ? scratch.Rent(BlockColumns) : null;
        (int from, int to) = s.OutputRowsOfTap(tap);
        for (int item = 0; item < s.Batch; item++)
        {
            for (int l = from; l < to; l++)
            {
                nint step = ((nint)l * s.Stride) + ((nint)tap * s.Dilation) - s.PaddingBefore;
                float* x = job.X + ((((nint)item * s.Length) + step) * s.Channels);
                float* dy = job.DY + ((((nint)item * s.OutputLength) + l) * width) + first;
                if (repeats)
                    DepthwiseRows<TSimd, TVector>.Repeat(x, width / s.Channels, first, count, repeated);
                DepthwiseRows<TSimd, TVector>.AddProduct(repeats ? repeated : x + first, dy, sums, count);
            }
        }
    }
}
