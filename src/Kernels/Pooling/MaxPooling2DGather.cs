using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The gradient of max pooling whose windows do not overlap: every entry of a window takes the gradients of the channels that found their maximum there.
/// One chunk an image; vectors along the channels; each element of dx is written once.
/// </summary>
internal unsafe struct MaxPooling2DGather<TSimd, TVector> : IChunkJob<MaxPooling2DGather<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Pool2DShape Shape;
    public float* OutputGradient;
    public int* ArgMax;
    public float* InputGradient;
    public bool Accumulate;
    public int Failed;

    /// <summary>True when no entry lies in two windows.</summary>
    public static bool Fits(in Pool2DShape s) => Apart(s.Rows) && Apart(s.Columns);

    private static bool Apart(in WindowAxis axis) => axis.Stride >= axis.WindowSize || axis.OutputLength == 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref MaxPooling2DGather<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        WindowAxis rows = job.Shape.Rows, columns = job.Shape.Columns;
        int channels = job.Shape.Channels, pitch = columns.Length * channels;
        nint output = (nint)chunk * job.Shape.ImageOutputs;
        bool all = true;
        int bottom = 0;
        for (int i = 0; i < rows.OutputLength; i++)
        {
            int above = bottom;
            (int top, bottom) = rows.EntriesOf(i);
            int row = ((chunk * rows.Length) + top) * pitch;
            job.Clear(row - ((top - above) * pitch), 1, (top - above) * pitch, pitch);
            int right = 0;
            for (int j = 0; j < columns.OutputLength; j++, output += channels)
            {
                int before = right;
                (int left, right) = columns.EntriesOf(j);
                job.Clear(row + (before * channels), bottom - top, (left - before) * channels, pitch);
                int position = row + (left * channels);
                all &= Window(
                    job.OutputGradient + output, job.ArgMax + output, job.InputGradient + position, (bottom - top) * (right - left), right - left, columns.Length, channels, position, job.Accumulate);
            }
            job.Clear(row + (right * channels), bottom - top, pitch - (right * channels), pitch);
        }
        job.Clear(((chunk * rows.Length) + bottom) * pitch, 1, (rows.Length - bottom) * pitch, pitch);
        if (!all)
            Strangers(ref job, chunk);
    }

    /// <summary>Entries that lie in no window.</summary>
    private readonly void Clear(int position, int rows, int length, int pitch)
    {
        if (Accumulate || length == 0)
            return;
        for (int row = 0; row < rows; row++)
            new Span<float>(InputGradient + position + (row * pitch), length).Clear();
    }

    /// <summary>One window; false when a channel's maximum lies elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Window(float* dy, int* argMax, float* dx, int entries, int columns, int pitch, int channels, int position, bool accumulate)
    {
        nint skip = (nint)(pitch - columns) * channels;
        TVector missing = default, one = TSimd.Splat(1f);
        nint c = 0;
        for (; c <= channels - TSimd.Count; c += TSimd.Count)
            missing = TSimd.Add(missing, Channels<WholeVectors<TSimd, TVector>>(dy, argMax, dx, entries, columns, channels, skip, position, accumulate, one, c, TSimd.Count));
        if (c < channels)
        {
            int lanes = channels - (int)c;
            one = TSimd.Select(TSimd.FirstLanes(lanes), one, default(TVector));
            missing = TSimd.Add(missing, Channels<FirstLanes<TSimd, TVector>>(dy, argMax, dx, entries, columns, channels, skip, position, accumulate, one, c, lanes));
        }
        return TSimd.Sum(missing) == 0f;
    }

    // A vector's channels of one window, which MaxPooling2DLoop walks the same way; what is left of lost where their maximum lies elsewhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Channels<TAccess>(
        float* dy, int* argMax, float* dx, int entries, int columns, nint channels, nint skip, int position, bool accumulate, TVector lost, nint c, int lanes)
        where TAccess : struct, IVectorAccess<TVector>
    {
        TVector gradient = TAccess.Load(dy + c, lanes);
        TVector where = TAccess.Load((float*)(argMax + c), lanes);
        TVector missing = Negative(where);
        nint next = c;
        int column = columns;
        while (true)
        {
            TVector here = Same(where, TSimd.CountUpUInt32((uint)(position + next)));
            TVector old = accumulate ? TAccess.Load(dx + next, lanes) : default;
            TAccess.Store(dx + next, TSimd.Select(here, TSimd.Add(old, gradient), old), lanes);
            lost = TSimd.Select(here, default(TVector), lost);
            if (--entries == 0)
                return TSimd.Add(missing, lost);
            next += channels;
            if (--column == 0)
            {
                column = columns;
                next += skip;
            }
        }
    }

    // Equal integers differ in no bit; compared as floats their difference is zero then, or when it is a lone sign bit: see Negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Same(TVector left, TVector right) => TSimd.Equal(TSimd.BitXor(left, right), default(TVector));

    // 2 where the sign bit is set, which no position has, and 0 elsewhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Negative(TVector where)
    {
        TVector one = TSimd.Splat(1f);
        return TSimd.Subtract(one, TSimd.BitOr(one, TSimd.BitAnd(where, TSimd.SplatUInt32(1u << 31))));
    }

    /// <summary>The positions that lie in no place of their own window, as a caller may have written them: one by one, like <see cref="MaxPooling2DScatter"/>.</summary>
    private static void Strangers(ref MaxPooling2DGather<TSimd, TVector> job, int chunk)
    {
        WindowAxis rows = job.Shape.Rows, columns = job.Shape.Columns;
        int channels = job.Shape.Channels, inputs = job.Shape.ImageInputs;
        float* dx = job.InputGradient + (chunk * inputs);
        nint output = (nint)chunk * job.Shape.ImageOutputs;
        for (int window = 0; window < rows.OutputLength * columns.OutputLength; window++)
        {
            (int top, int bottom) = rows.EntriesOf(window / columns.OutputLength);
            (int left, int right) = columns.EntriesOf(window % columns.OutputLength);
            for (int c = 0; c < channels; c++, output++)
            {
                int place = job.ArgMax[output] - (chunk * inputs), entry = place / channels;
                int row = entry / columns.Length, column = entry % columns.Length;
                if ((uint)place >= (uint)inputs)
                    job.Failed = 1;
                else if (place % channels != c || row < top || row >= bottom || column < left || column >= right)
                    dx[place] += job.OutputGradient[output];
            }
        }
    }
}
