using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Max pooling over two axes, vectors along the channels; one chunk an image.</summary>
internal unsafe struct MaxPooling2DLoop<TSimd, TVector> : IChunkJob<MaxPooling2DLoop<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Pool2DShape Shape;
    public float* X;
    public float* Y;
    public int* ArgMax;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref MaxPooling2DLoop<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        WindowAxis rows = job.Shape.Rows, columns = job.Shape.Columns;
        int channels = job.Shape.Channels;
        nint output = (nint)chunk * job.Shape.ImageOutputs;
        for (int i = 0; i < rows.OutputLength; i++)
        {
            (int top, int bottom) = rows.EntriesOf(i);
            int row = ((chunk * rows.Length) + top) * columns.Length;
            for (int j = 0; j < columns.OutputLength; j++, output += channels)
            {
                (int left, int right) = columns.EntriesOf(j);
                int position = (row + left) * channels;
                int* argMax = job.ArgMax == null ? null : job.ArgMax + output;
                Window(job.X + position, job.Y + output, argMax, (bottom - top) * (right - left), right - left, columns.Length, channels, position);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* x, float* y, int* argMax, int entries, int columns, int pitch, int channels, int position)
    {
        nint skip = (nint)(pitch - columns) * channels;
        nint c = 0;
        for (; c <= channels - TSimd.Count; c += TSimd.Count)
            Channels<WholeVectors<TSimd, TVector>>(x, y, argMax, entries, columns, channels, skip, position, c, TSimd.Count);
        if (c < channels)
            Channels<FirstLanes<TSimd, TVector>>(x, y, argMax, entries, columns, channels, skip, position, c, channels - (int)c);
    }

    // A vector's channels of one window: the running maximum and, as the bits of integers, the position at which it was found.
    // One loop over rows and columns: with two, windows of one row, as sequences have them, take up to 1.3 times as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Channels<TAccess>(float* x, float* y, int* argMax, int entries, int columns, nint channels, nint skip, int position, nint c, int lanes)
        where TAccess : struct, IVectorAccess<TVector>
    {
        TVector best = TAccess.Load(x + c, lanes);
        TVector where = TSimd.CountUpUInt32((uint)(position + c));
        nint next = c;
        int column = columns;
        while (--entries > 0)
        {
            next += channels;
            if (--column == 0)
            {
                column = columns;
                next += skip;
            }
            TVector value = TAccess.Load(x + next, lanes);
            TVector takes = Takes(value, best);
            best = TSimd.Select(takes, value, best);
            where = TSimd.Select(takes, TSimd.CountUpUInt32((uint)(position + next)), where);
        }
        TAccess.Store(y + c, best, lanes);
        if (argMax != null)
            TAccess.Store((float*)(argMax + c), where, lanes);
    }

    /// <summary>Larger, or the first NaN: neither "value ≤ best" nor best already NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Takes(TVector value, TVector best)
        => TSimd.Select(TSimd.Equal(value, value), TSimd.GreaterThan(value, best), TSimd.Equal(best, best));
}
