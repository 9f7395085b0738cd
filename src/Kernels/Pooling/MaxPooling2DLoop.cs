using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Max pooling over two axes, vectors along the channels; one chunk an image.</summary>
internal unsafe struct MaxPooling2DLoop<TSimd, TVector> : IChunkJob<MaxPooling2DLoop<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public Pool2DShape Shape;
    public float* X;
    public float* Y;
    public int* ArgMax;

    public static void Execute(ref MaxPooling2DLoop<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Pool2DShape s = job.Shape;
        nint output = (nint)chunk * s.ImageOutputs;
        for (int i = 0; i < s.Rows.OutputLength; i++)
        {
            (int top, int bottom) = s.Rows.EntriesOf(i);
            for (int j = 0; j < s.Columns.OutputLength; j++, output += s.Channels)
            {
                (int left, int right) = s.Columns.EntriesOf(j);
                int position = ((((chunk * s.Rows.Length) + top) * s.Columns.Length) + left) * s.Channels;
                Window(job.X + position, job.Y + output, job.ArgMax == null ? null : job.ArgMax + output, bottom - top, right - left, s.Columns.Length, s.Channels, position);
            }
        }
    }

    // One window: the running maximum and, as float lanes, the row and column inside the window at which it was found.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* x, float* y, int* argMax, int rows, int columns, int pitch, int channels, int position)
    {
        float* places = stackalloc float[128];
        for (int c = 0; c < channels; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, channels - c);
            TVector best = TSimd.LoadPartial(x + c, lanes);
            TVector bestRow = TSimd.Zero;
            TVector bestColumn = TSimd.Zero;
            for (int a = 0; a < rows; a++)
            {
                float* next = x + c + ((nint)a * pitch * channels);
                for (int b = 0; b < columns; b++, next += channels)
                {
                    TVector value = TSimd.LoadPartial(next, lanes);
                    // Larger, or the first NaN: neither a number nor best already NaN.
                    TVector isNumber = TSimd.Equal(value, value);
                    TVector bestIsNumber = TSimd.Equal(best, best);
                    TVector takes = TSimd.Select(isNumber, TSimd.GreaterThan(value, best), bestIsNumber);
                    best = TSimd.Select(takes, value, best);
                    bestRow = TSimd.Select(takes, TSimd.Splat(a), bestRow);
                    bestColumn = TSimd.Select(takes, TSimd.Splat(b), bestColumn);
                }
            }
            TSimd.StorePartial(y + c, best, lanes);
            if (argMax == null)
                continue;
            TSimd.Store(places, bestRow);
            TSimd.Store(places + 64, bestColumn);
            for (int i = 0; i < lanes; i++)
                argMax[c + i] = position + c + i + ((((int)places[i] * pitch) + (int)places[64 + i]) * channels);
        }
    }
}
