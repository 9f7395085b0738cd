using System.Diagnostics;
using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Benchmarks;

/// <summary>Training steps of the seed models at batch 32, on data already in memory, as the peers' scripts time them.</summary>
internal static class ModelTable
{
    private const int Batch = 32;

    public static void Print(TextWriter output)
    {
        output.WriteLine("Training step, batch 32: forward, loss, backward, optimizer. Milliseconds: median (best); managed bytes a step.");
        output.WriteLine($"| {"model",-28} | {"parameters",10} | {"1 thread",18} | {"2 threads",18} | {"bytes",6} |");
        output.WriteLine($"|{new string('-', 30)}|{new string('-', 11)}:|{new string('-', 19)}:|{new string('-', 19)}:|{new string('-', 7)}:|");
        foreach (SeedModel model in SeedModels.All)
        {
            (double median1, double best1, _) = Time(model, threads: 1);
            (double median2, double best2, long bytes) = Time(model, threads: 2);
            output.WriteLine($"| {model.Name,-28} | {model.Build(1).CountParameters(),10:N0} | {median1 * 1e3,8:0.000} ({best1 * 1e3,7:0.000}) | {median2 * 1e3,8:0.000} ({best2 * 1e3,7:0.000}) | {bytes,6} |");
        }
    }

    private static (double Median, double Best, long Bytes) Time(SeedModel seed, int threads)
    {
        Model model = seed.Build(threads);
        model.Compile(seed.Optimizer, seed.Loss);
        int batches = seed.Batches;
        var meter = new Meter();
        model.Fit(
            [.. seed.Inputs(batches * Batch)],
            seed.Targets(batches * Batch),
            new FitOptions { BatchSize = Batch, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [meter] });
        return meter.Result();
    }

    /// <summary>Takes the time and the managed bytes between two batches; the first steps, which capture and compile, are left out.</summary>
    private sealed class Meter : Callback
    {
        private const int WarmUp = 5;
        private readonly List<long> _times = new(4096);
        private long _bytes;
        private long _lastBytes;

        public override void OnBatchEnd(TrainingProgress progress)
        {
            _times.Add(Stopwatch.GetTimestamp());
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            _bytes = bytes - _lastBytes;
            _lastBytes = bytes;
        }

        public (double Median, double Best, long Bytes) Result()
        {
            double[] steps = [.. _times.Zip(_times.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds).Skip(WarmUp).Order()];
            return (steps[steps.Length / 2], steps[0], _bytes);
        }
    }
}
