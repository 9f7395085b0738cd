using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatFuse.Benchmarks;

/// <summary>What one core of this machine can do at most: the marks that kernels are measured against.</summary>
internal static class Limits
{
    private const int Rounds = 20_000;

    /// <summary>A loop of fused multiply-adds on registers at the widest accelerated width, and how many operations it does.</summary>
    public static (Action Loop, double Flops) Peak { get; } = Vector512.IsHardwareAccelerated
        ? (Fma512, 2.0 * 12 * 16 * Rounds)
        : (Fma256, 2.0 * 12 * 8 * Rounds);

    public static void Print(TextWriter output)
    {
        output.WriteLine($"FMA peak, 256 bits: {2.0 * 12 * 8 * Rounds / Stopclock.Time(Fma256, 0.3).Best / 1e9,6:0.0} GFLOP/s");
        if (Vector512.IsHardwareAccelerated)
            output.WriteLine($"FMA peak, 512 bits: {2.0 * 12 * 16 * Rounds / Stopclock.Time(Fma512, 0.3).Best / 1e9,6:0.0} GFLOP/s");
        foreach ((string name, int floats) in ((string, int)[])[("L1", 8 * 1024), ("L2", 256 * 1024), ("L3", 4 * 1024 * 1024), ("memory", 128 * 1024 * 1024)])
        {
            var data = new float[floats];
            // Fresh pages are all one shared page of zeros, which stays in L1: write them first.
            data.AsSpan().Fill(1f);
            double seconds = Stopclock.Time(() => Sink.Value = Sum(data), 0.3).Best;
            output.WriteLine($"read from {name,-6} ({floats * 4L / 1024,7} KiB): {floats * 4.0 / seconds / 1e9,6:0.0} GB/s");
        }
    }

    // Twelve independent chains cover the latency of 4 cycles at 2 a cycle; fewer would measure the latency.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fma512()
    {
        Vector512<float> x = Vector512.Create(1.0000001f), y = Vector512.Create(1e-9f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }
        Sink.Value = Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fma256()
    {
        Vector256<float> x = Vector256.Create(1.0000001f), y = Vector256.Create(1e-9f);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int round = 0; round < Rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }
        Sink.Value = Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float[] data)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        ref float first = ref data[0];
        for (nuint i = 0; i < (nuint)data.Length; i += 32)
        {
            a += Vector256.LoadUnsafe(ref first, i);
            b += Vector256.LoadUnsafe(ref first, i + 8);
            c += Vector256.LoadUnsafe(ref first, i + 16);
            d += Vector256.LoadUnsafe(ref first, i + 24);
        }
        return Vector256.Sum(a + b + c + d);
    }

    // Keeps results alive: an unused FMA loop is deleted and "runs" at any speed. A class of its own, because Limits has a static initializer: a check
    // whether that ran, compiled into a loop's method, is a call, and makes the JIT spill every register in the loop.
    private static class Sink
    {
        public static float Value;
    }
}
