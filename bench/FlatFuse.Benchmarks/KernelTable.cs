using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>Every accelerated kernel set on every shape, beside the peak measured in the same process.</summary>
internal static class KernelTable
{
    public static void Print(TextWriter output)
    {
        output.WriteLine("SGEMM, one thread, GFLOP/s: median, and share of the FMA peak of the widest set, measured in turn with it.");
        KernelSet[] sets = [.. KernelSets.All.Where(set => set.IsAccelerated && set != KernelSets.Scalar)];
        output.WriteLine($"| {"shape",-20} |{string.Concat(sets.Select(set => $" {set.Name,12} |"))}");
        output.WriteLine($"|{new string('-', 22)}|{string.Concat(sets.Select(_ => new string('-', 13) + ":|"))}");
        foreach ((string name, GemmShape shape) in GemmShapes.Read())
        {
            output.Write($"| {name,-20} |");
            foreach (KernelSet set in sets)
            {
                (double seconds, double peakSeconds) = Time(set, shape);
                double rate = 2.0 * shape.M * shape.N * shape.K / seconds;
                output.Write($" {rate / 1e9,6:0.0} {rate / (Limits.Peak.Flops / peakSeconds),5:0%} |");
            }
            output.WriteLine();
        }
    }

    private static (double Seconds, double PeakSeconds) Time(KernelSet set, GemmShape shape)
    {
        var workers = new Workers(set, threads: 1);
        var arena = new Arena();
        Tensor<float> a = arena.Allocate(shape.M * shape.K), b = arena.Allocate(shape.K * shape.N), c = arena.Allocate(shape.M * shape.N);
        RandomSource.FromSeed(1).Uniform(-1, 1, a.Count).CopyTo(a.AsSpan());
        RandomSource.FromSeed(2).Uniform(-1, 1, b.Count).CopyTo(b.AsSpan());
        return Stopclock.Alternate(() => Gemm.Multiply(workers, shape, a.AsSpan(), b.AsSpan(), c.AsSpan()), Limits.Peak.Loop, 0.5);
    }
}
