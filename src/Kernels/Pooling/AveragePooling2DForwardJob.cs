using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Average pooling, vectors along the channels; one chunk an image.</summary>
internal unsafe struct AveragePooling2DForwardJob<TSimd, TVector> : IChunkJob<AveragePooling2DForwardJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Pool2DShape Shape;
    public float* X;
    public float* Y;

    public static void Execute(ref AveragePooling2DForwardJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Pool2DShape s = job.Shape;
        float* image = job.X + ((nint)chunk * s.ImageInputs);
        float* y = job.Y + ((nint)chunk * s.ImageOutputs);
        for (int i = 0; i < s.Rows.OutputLength; i++)
        {
            (int top, int bottom) = s.Rows.EntriesOf(i);
            for (int j = 0; j < s.Columns.OutputLength; j++, y += s.Channels)
            {
                (int left, int right) = s.Columns.EntriesOf(j);
                float* x = image + ((((nint)top * s.Columns.Length) + left) * s.Channels);
                Window(x, y, bottom - top, right - left, (nint)s.Columns.Length * s.Channels, s.Channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* x, float* y, int rows, int columns, nint pitch, int channels)
    {
        TVector count = TSimd.Splat((float)rows * columns);
        for (int c = 0; c < channels; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, channels - c);
            TVector sum = default;
            for (int a = 0; a < rows; a++)
            {
                float* next = x + c + (a * pitch);
                for (int b = 0; b < columns; b++, next += channels)
                    sum = TSimd.Add(sum, lanes == TSimd.Count ? *(TVector*)next : TSimd.LoadPartial(next, lanes));
            }
            TSimd.StorePartial(y + c, TSimd.Divide(sum, count), lanes);
        }
    }
}
