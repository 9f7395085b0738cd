namespace FlatFuse.Kernels;

/// <summary>The depthwise convolution, one chunk a sequence.</summary>
internal unsafe struct DepthwiseConv1DForwardJob<TSimd, TVector> : IChunkJob<DepthwiseConv1DForwardJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv1DShape Shape;
    public float* X;
    public float* Kernel;
    public float* Bias;
    public float* Y;

    public static void Execute(ref DepthwiseConv1DForwardJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        int width = s.Filters;
        float* x = job.X + ((nint)chunk * s.Length * s.Channels);
        float* y = job.Y + ((nint)chunk * s.OutputLength * width);
        if (width != s.Channels)
        {
            float* repeated = scratch.Rent(checked(s.Length * width));
            for (int i = 0; i < s.Length; i++)
                DepthwiseRows<TSimd, TVector>.Repeat(x + ((nint)i * s.Channels), width / s.Channels, 0, width, repeated + ((nint)i * width));
            x = repeated;
        }
        for (int l = 0; l < s.OutputLength; l++)
        {
            // The taps [first, last) whose step exists.
            int start = (l * s.Stride) - s.PaddingBefore;
            int first = start >= 0 ? 0 : Math.Min(s.KernelSize, (s.Dilation - 1 - start) / s.Dilation);
            int last = start >= s.Length ? 0 : Math.Min(s.KernelSize, ((s.Length - 1 - start) / s.Dilation) + 1);
            nint step = start + ((nint)first * s.Dilation);
            DepthwiseRows<TSimd, TVector>.Window(
                x + (step * width), (nint)s.Dilation * width, job.Kernel + ((nint)first * width), last - first, width, job.Bias, y + ((nint)l * width));
        }
    }
}
