namespace FlatFuse.Kernels;

/// <summary>The input gradient of the depthwise convolution, one chunk a sequence: its windows overlap only inside it.</summary>
internal unsafe struct DepthwiseConv1DInputJob<TSimd, TVector> : IChunkJob<DepthwiseConv1DInputJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv1DShape Shape;
    public float* DY;
    public float* Kernel;
    public float* DX;
    public bool Accumulate;

    public static void Execute(ref DepthwiseConv1DInputJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        int width = s.Filters;
        float* dy = job.DY + ((nint)chunk * s.OutputLength * width);
        float* dx = job.DX + ((nint)chunk * s.Length * s.Channels);
        bool folds = width != s.Channels;
        float* sums = folds ? scratch.Rent(checked(s.Length * width)) : dx;
        if (folds || !job.Accumulate)
            new Span<float>(sums, s.Length * width).Clear();
        for (int tap = 0; tap < s.KernelSize; tap++)
        {
            (int from, int to) = s.OutputRowsOfTap(tap);
            for (int l = from; l < to; l++)
            {
                nint step = ((nint)l * s.Stride) + ((nint)tap * s.Dilation) - s.PaddingBefore;
                DepthwiseRows<TSimd, TVector>.AddProduct(dy + ((nint)l * width), job.Kernel + ((nint)tap * width), sums + (step * width), width);
            }
        }
        if (folds)
            DepthwiseRows<TSimd, TVector>.Fold(sums, width / s.Channels, s.Length * s.Channels, dx, job.Accumulate);
    }
}
