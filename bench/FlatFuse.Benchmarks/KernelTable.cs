using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>Every accelerated kernel set on every shape, beside the peak measured in the same process.</summary>
internal static class KernelTable
{
    public static void Print(TextWriter output)
    {
        double peak = Limits.PeakFlops();
        output.WriteLine($"SGEMM, one thread, GFLOP/s: median (best). FMA peak of the widest set here: {peak / 1e9:0.0}");
        KernelSet[] sets = [.. KernelSets.All.Where(set => set.IsAccelerated && set != KernelSets.Scalar)];
        output.WriteLine($"| {"shape",-20} |{string.Concat(sets.Select(set => $" {set.Name,15} |"))} {"best of peak",12} |");
        output.WriteLine($"|{new string('-', 22)}|{string.Concat(sets.Select(_ => new string('-', 16) + ":|"))}{new string('-', 13)}:|");
        foreach ((string name, GemmShape shape) in GemmShapes.Read())
        {
            double best = 0;
            output.Write($"| {name,-20} |");
            foreach (KernelSet set in sets)
            {
                (double median, double fastest) = Time(set, shape);
                double flops = 2.0 * shape.M * shape.N * shape.K;
                best = Math.Max(best, flops / median);
                output.Write($" {flops / median / 1e9,6:0.0} ({flops / fastest / 1e9,6:0.0}) |");
            }
            output.WriteLine($" {best / peak,11:0.0%} |");
        }
    }

    private static (double Median, double Best) Time(KernelSet set, GemmShape shape)
    {
        var workers = new Workers(set, threads: 1);
        var arena = new Arena();
        Tensor<float> a = arena.Allocate(shape.M * shape.K), b = arena.Allocate(shape.K * shape.N), c = arena.Allocate(shape.M * shape.N);
        RandomSource.FromSeed(1).Uniform(-1, 1, a.Count).CopyTo(a.AsSpan());
        RandomSource.FromSeed(2).Uniform(-1, 1, b.Count).CopyTo(b.AsSpan());
        return Stopclock.Time(() => Gemm.Multiply(workers, shape, a.AsSpan(), b.AsSpan(), c.AsSpan()), 0.3);
    }
}
