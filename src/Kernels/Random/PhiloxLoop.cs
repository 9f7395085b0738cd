using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Philox over vector lanes, sixteen blocks (64 numbers) a group; the order is told at <see cref="Philox.Uniform"/>.</summary>
internal static unsafe class PhiloxLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
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
            if (length - i >= Group)
            {
                UniformGroup(key, group, y + i);
                continue;
            }
            UniformGroup(key, group, numbers);
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
            UniformGroup(key, group, numbers);
            int count = (int)Math.Min(Group, length - i);
            for (int j = 0; j < count; j += width)
            {
                int lanes = Math.Min(width, count - j);
                TVector drops = TSimd.LessThan(TSimd.Load(numbers + j), threshold);
                TSimd.StorePartial(mask + i + j, TSimd.Select(drops, TSimd.Zero, kept), lanes);
                if (x == null)
                    continue;
                TVector value = TSimd.Multiply(TSimd.LoadPartial(x + i + j, lanes), kept);
                TSimd.StorePartial(y + i + j, TSimd.Select(drops, TSimd.Zero, value), lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UniformGroup(ulong key, uint group, float* y)
    {
        for (int lane = 0; lane < BlocksInGroup; lane += TSimd.Count)
        {
            uint k0 = (uint)key;
            uint k1 = (uint)(key >> 32);
            TVector c0 = TSimd.CountUpUInt32((group * BlocksInGroup) + (uint)lane);
            TVector c1 = TSimd.Zero;
            TVector c2 = TSimd.Zero;
            TVector c3 = TSimd.Zero;
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
            TSimd.Store(y + lane, TSimd.UnitInterval(c0));
            TSimd.Store(y + lane + BlocksInGroup, TSimd.UnitInterval(c1));
            TSimd.Store(y + lane + (2 * BlocksInGroup), TSimd.UnitInterval(c2));
            TSimd.Store(y + lane + (3 * BlocksInGroup), TSimd.UnitInterval(c3));
        }
    }
}
