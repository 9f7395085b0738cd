using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The gradient of average pooling, vectors along the channels; one chunk an image, whose windows overlap only inside it.</summary>
internal unsafe struct AveragePooling2DBackwardJob<TSimd, TVector> : IChunkJob<AveragePooling2DBackwardJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Pool2DShape Shape;
    public float* DY;
    public float* DX;
    public bool Accumulate;

    public static void Execute(ref AveragePooling2DBackwardJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Pool2DShape s = job.Shape;
        float* image = job.DX + ((nint)chunk * s.ImageInputs);
        float* dy = job.DY + ((nint)chunk * s.ImageOutputs);
        if (!job.Accumulate)
            new Span<float>(image, s.ImageInputs).Clear();
        for (int i = 0; i < s.Rows.OutputLength; i++)
        {
            (int top, int bottom) = s.Rows.EntriesOf(i);
            for (int j = 0; j < s.Columns.OutputLength; j++, dy += s.Channels)
            {
                (int left, int right) = s.Columns.EntriesOf(j);
                float* dx = image + ((((nint)top * s.Columns.Length) + left) * s.Channels);
                Window(dy, dx, bottom - top, right - left, (nint)s.Columns.Length * s.Channels, s.Channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* dy, float* dx, int rows, int columns, nint pitch, int channels)
    {
        TVector count = TSimd.Splat((float)rows * columns);
        for (int c = 0; c < channels; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, channels - c);
            TVector share = TSimd.Divide(TSimd.LoadPartial(dy + c, lanes), count);
            for (int a = 0; a < rows; a++)
            {
                float* next = dx + c + (a * pitch);
                for (int b = 0; b < columns; b++, next += channels)
                {
                    if (lanes == TSimd.Count)
                        *(TVector*)next = TSimd.Add(*(TVector*)next, share);
                    else
                        TSimd.StorePartial(next, TSimd.Add(TSimd.LoadPartial(next, lanes), share), lanes);
                }
            }
        }
    }
}
