using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Philox over vector lanes, sixteen blocks (64 numbers) a group; the order is told at <see cref="Philox.Uniform"/>.</summary>
internal static unsafe class PhiloxLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Numbers in a group: four words of sixteen blocks.</summary>
    public const int Group = 64;

    private const int BlocksInGroup = 16;

    /// <summary>Numbers in [0, 1) of groups <paramref name="group"/>, group + 1, …</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Uniform(ulong key, uint group, float* y, nint length)
    {
        float* numbers = stackalloc float[Group];
        for (nint i = 0; i < length; i += Group, group++)
        {
            // One call for both, because it is inlined and long to compile.
            bool whole = length - i >= Group;
            UniformGroup(key, group, Philox.PlainStream, whole ? y + i : numbers);
            if (!whole)
                new ReadOnlySpan<float>(numbers, (int)(length - i)).CopyTo(new Span<float>(y + i, (int)(length - i)));
        }
    }

    /// <summary>
    /// mask = (number at least rate) ? scale : 0 and y = x · mask, with an exact 0 where dropped. <paramref name="x"/> may be null: mask only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dropout(ulong key, uint group, float rate, float scale, float* x, float* y, float* mask, nint length)
    {
        float* numbers = stackalloc float[Group];
        TVector threshold = TSimd.Splat(rate);
        TVector kept = TSimd.Splat(scale);
        int width = TSimd.Count;
        for (nint i = 0; i < length; i += Group, group++)
        {
            UniformGroup(key, group, Philox.PlainStream, numbers);
            int count = (int)Math.Min(Group, length - i);
            for (int j = 0; j < count; j += width)
            {
                int lanes = Math.Min(width, count - j);
                TVector drops = TSimd.LessThan(*(TVector*)(numbers + j), threshold);
                TSimd.StorePartial(mask + i + j, TSimd.Select(drops, default(TVector), kept), lanes);
                if (x == null)
                    continue;
                TVector value = TSimd.Multiply(TSimd.LoadPartial(x + i + j, lanes), kept);
                TSimd.StorePartial(y + i + j, TSimd.Select(drops, default(TVector), value), lanes);
            }
        }
    }

    /// <summary>mean + deviation · z with normal z, pair by pair; see <see cref="NormalNoise"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normal(ulong key, uint group, float mean, float deviation, float* y, nint length)
    {
        float* numbers = stackalloc float[Group];
        TVector centre = TSimd.Splat(mean);
        TVector scale = TSimd.Splat(deviation);
        int width = TSimd.Count;
        for (nint i = 0; i < length; i += Group, group++)
        {
            UniformGroup(key, group, Philox.NoiseStream, numbers);
            // Words 0 and 1 of sixteen blocks make two normal numbers each, and so do words 2 and 3.
            for (int pair = 0; pair < Group; pair += 2 * BlocksInGroup)
            {
                for (int lane = 0; lane < BlocksInGroup; lane += width)
                {
                    float* first = numbers + pair + lane;
                    TVector z = NormalPair(*(TVector*)first, *(TVector*)(first + BlocksInGroup), out TVector other);
                    *(TVector*)first = TSimd.MultiplyAdd(z, scale, centre);
                    *(TVector*)(first + BlocksInGroup) = TSimd.MultiplyAdd(other, scale, centre);
                }
            }
            int count = (int)Math.Min(Group, length - i);
            new ReadOnlySpan<float>(numbers, count).CopyTo(new Span<float>(y + i, count));
        }
    }

    // Box and Muller: the radius √(−2 log(1 − u)), 1 − u in (0, 1], and a point of the circle at the angle of v.
    // With h = |v − ½| in [0, ½] and a = 2π(¼ − h) in [−π/2, π/2] the point is (sin a, ± cos a); both by their Taylor polynomials, to 6e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NormalPair(TVector u, TVector v, out TVector other)
    {
        TVector one = TSimd.Splat(1f);
        TVector radius = TSimd.Sqrt(TSimd.Multiply(TSimd.Splat(-2f), VectorMath<TSimd, TVector>.Log(TSimd.Subtract(one, u))));
        TVector away = TSimd.Subtract(v, TSimd.Splat(0.5f));
        TVector a = TSimd.Multiply(TSimd.Subtract(TSimd.Splat(0.25f), TSimd.Abs(away)), TSimd.Splat(6.28318531f));
        TVector square = TSimd.Multiply(a, a);
        TVector sine = TSimd.Splat(-2.50521084e-8f);
        sine = TSimd.MultiplyAdd(sine, square, TSimd.Splat(2.75573192e-6f));
        sine = TSimd.MultiplyAdd(sine, square, TSimd.Splat(-1.98412698e-4f));
        sine = TSimd.MultiplyAdd(sine, square, TSimd.Splat(8.33333333e-3f));
        sine = TSimd.MultiplyAdd(sine, square, TSimd.Splat(-0.166666667f));
        sine = TSimd.MultiplyAdd(TSimd.Multiply(sine, square), a, a);
        TVector cosine = TSimd.Splat(2.08767570e-9f);
        cosine = TSimd.MultiplyAdd(cosine, square, TSimd.Splat(-2.75573192e-7f));
        cosine = TSimd.MultiplyAdd(cosine, square, TSimd.Splat(2.48015873e-5f));
        cosine = TSimd.MultiplyAdd(cosine, square, TSimd.Splat(-1.38888889e-3f));
        cosine = TSimd.MultiplyAdd(cosine, square, TSimd.Splat(4.16666667e-2f));
        cosine = TSimd.MultiplyAdd(cosine, square, TSimd.Splat(-0.5f));
        cosine = TSimd.MultiplyAdd(cosine, square, one);
        other = TSimd.Multiply(radius, TSimd.BitXor(cosine, TSimd.BitAnd(away, TSimd.Splat(-0f))));
        return TSimd.Multiply(radius, sine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UniformGroup(ulong key, uint group, uint stream, float* y)
    {
        for (int lane = 0; lane < BlocksInGroup; lane += TSimd.Count)
        {
            uint k0 = (uint)key;
            uint k1 = (uint)(key >> 32);
            TVector c0 = TSimd.CountUpUInt32((group * BlocksInGroup) + (uint)lane);
            TVector c1 = default;
            TVector c2 = TSimd.SplatUInt32(stream);
            TVector c3 = default;
            for (int round = 0; round < Philox.Rounds; round++)
            {
                TVector low0 = TSimd.MultiplyUInt32(c0, Philox.FirstMultiplier, out TVector high0);
                TVector low1 = TSimd.MultiplyUInt32(c2, Philox.SecondMultiplier, out TVector high1);
                c0 = TSimd.BitXor(TSimd.BitXor(high1, c1), TSimd.SplatUInt32(k0));
                c1 = low1;
                c2 = TSimd.BitXor(TSimd.BitXor(high0, c3), TSimd.SplatUInt32(k1));
                c3 = low0;
                k0 += Philox.FirstKeyStep;
                k1 += Philox.SecondKeyStep;
            }
            *(TVector*)(y + lane) = TSimd.UnitInterval(c0);
            *(TVector*)(y + lane + BlocksInGroup) = TSimd.UnitInterval(c1);
            *(TVector*)(y + lane + (2 * BlocksInGroup)) = TSimd.UnitInterval(c2);
            *(TVector*)(y + lane + (3 * BlocksInGroup)) = TSimd.UnitInterval(c3);
        }
    }
}
