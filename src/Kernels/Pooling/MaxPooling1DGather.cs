using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The gradient of max pooling whose windows do not overlap: every step of a window takes the gradients of the channels that found their maximum there.
/// One chunk a sequence; vectors along the channels; each element of dx is written once.
/// </summary>
internal unsafe struct MaxPooling1DGather<TSimd, TVector> : IChunkJob<MaxPooling1DGather<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public Pool1DShape Shape;
    public float* OutputGradient;
    public int* ArgMax;
    public float* InputGradient;
    public bool Accumulate;
    public int Failed;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref MaxPooling1DGather<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Pool1DShape s = job.Shape;
        int channels = s.Channels;
        int sequence = chunk * s.Length * channels;
        nint output = (nint)chunk * s.OutputLength * channels;
        bool all = true;
        int done = 0;
        for (int o = 0; o < s.OutputLength; o++, output += channels)
        {
            (int first, int steps) = s.StepsOf(o);
            int position = sequence + (first * channels);
            if (!job.Accumulate && first > done)
                new Span<float>(job.InputGradient + sequence + (done * channels), (first - done) * channels).Clear();
            all &= Window(job.OutputGradient + output, job.ArgMax + output, job.InputGradient + position, steps, channels, position, job.Accumulate);
            done = first + steps;
        }
        if (!job.Accumulate)
            new Span<float>(job.InputGradient + sequence + (done * channels), (s.Length - done) * channels).Clear();
        if (!all)
            Strangers(ref job, chunk);
    }

    /// <summary>One window; false when a channel's maximum lies elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Window(float* dy, int* argMax, float* dx, int steps, int channels, int position, bool accumulate)
    {
        TVector missing = TSimd.Zero;
        int c = 0;
        for (; c <= channels - TSimd.Count; c += TSimd.Count)
        {
            TVector gradient = TSimd.Load(dy + c);
            TVector where = TSimd.Load((float*)(argMax + c));
            TVector lost = TSimd.Splat(1f);
            for (int k = 0; k < steps; k++)
            {
                nint next = c + ((nint)k * channels);
                TVector here = Same(where, TSimd.CountUpUInt32((uint)(position + next)));
                TVector old = accumulate ? TSimd.Load(dx + next) : TSimd.Zero;
                TSimd.Store(dx + next, TSimd.Select(here, TSimd.Add(old, gradient), old));
                lost = TSimd.Select(here, TSimd.Zero, lost);
            }
            missing = TSimd.Add(missing, TSimd.Add(lost, Negative(where)));
        }
        if (c < channels)
        {
            int lanes = channels - c;
            TVector gradient = TSimd.LoadPartial(dy + c, lanes);
            TVector where = TSimd.LoadPartial((float*)(argMax + c), lanes);
            TVector lost = TSimd.Select(TSimd.FirstLanes(lanes), TSimd.Splat(1f), TSimd.Zero);
            for (int k = 0; k < steps; k++)
            {
                nint next = c + ((nint)k * channels);
                TVector here = Same(where, TSimd.CountUpUInt32((uint)(position + next)));
                TVector old = accumulate ? TSimd.LoadPartial(dx + next, lanes) : TSimd.Zero;
                TSimd.StorePartial(dx + next, TSimd.Select(here, TSimd.Add(old, gradient), old), lanes);
                lost = TSimd.Select(here, TSimd.Zero, lost);
            }
            missing = TSimd.Add(missing, TSimd.Add(lost, Negative(where)));
        }
        return TSimd.Sum(missing) == 0f;
    }

    // Equal integers differ in no bit; compared as floats their difference is zero then, or when it is a lone sign bit: see Negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Same(TVector left, TVector right) => TSimd.Equal(TSimd.BitXor(left, right), TSimd.Zero);

    // 2 where the sign bit is set, which no position has, and 0 elsewhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Negative(TVector where)
    {
        TVector one = TSimd.Splat(1f);
        return TSimd.Subtract(one, TSimd.BitOr(one, TSimd.BitAnd(where, TSimd.SplatUInt32(1u << 31))));
    }

    /// <summary>The positions that lie in no place of their own window, as a caller may have written them: one by one, like <see cref="MaxPooling1DScatter"/>.</summary>
    private static void Strangers(ref MaxPooling1DGather<TSimd, TVector> job, int chunk)
    {
        Pool1DShape s = job.Shape;
        int inputs = s.Length * s.Channels;
        float* dx = job.InputGradient + (chunk * inputs);
        nint output = (nint)chunk * s.OutputLength * s.Channels;
        for (int o = 0; o < s.OutputLength; o++)
        {
            (int first, int steps) = s.StepsOf(o);
            for (int c = 0; c < s.Channels; c++, output++)
            {
                uint place = (uint)(job.ArgMax[output] - (chunk * inputs));
                if (place >= (uint)inputs)
                    job.Failed = 1;
                else if (place % (uint)s.Channels != (uint)c || place / (uint)s.Channels < (uint)first || place / (uint)s.Channels >= (uint)(first + steps))
                    dx[place] += job.OutputGradient[output];
            }
        }
    }
}
