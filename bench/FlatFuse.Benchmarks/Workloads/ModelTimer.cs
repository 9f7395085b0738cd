using System.Diagnostics;
using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Benchmarks;

/// <summary>Times whole models as a user runs them: steps of Fit, calls of Predict.</summary>
internal static class ModelTimer
{
    private const double Seconds = 1.2;

    /// <summary>The time of a training step within Fit, and its managed bytes.</summary>
    public static (Timing Step, long Bytes) Train(SeedModel seed, int batch, int threads, double seconds = Seconds)
    {
        Model model = seed.Build(threads);
        model.Compile(seed.Optimizer(), seed.Loss);
        var meter = new Meter(seconds);
        model.Fit(
            [.. seed.Inputs(seed.Batches * batch)],
            seed.Targets(seed.Batches * batch),
            new FitOptions { BatchSize = batch, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [meter] });
        return meter.Result();
    }

    /// <summary>The time of a prediction of one batch.</summary>
    public static PredictTimes Predict(SeedModel seed, int batch, int threads)
    {
        Model model = seed.Build(threads);
        Tensor[] inputs = [.. seed.Inputs(batch)];
        Tensor<float> output = model.Predict(inputs);
        void Into() => model.Predict(inputs, output);
        Timing into = Stopclock.Time(Into, Seconds / 4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Into();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new PredictTimes(into, Stopclock.Time(() => model.Predict(inputs), Seconds / 6), bytes);
    }

    /// <summary>Takes the time and the managed bytes between two batches; the first steps, which capture and compile, are left out.</summary>
    private sealed class Meter(double seconds) : Callback
    {
        private const int WarmUp = 5;
        private const int FewestSteps = 10;
        private readonly List<long> _times = new(65536);
        private long _bytes;
        private long _lastBytes;

        public override void OnBatchEnd(TrainingProgress progress)
        {
            _times.Add(Stopwatch.GetTimestamp());
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            _bytes = bytes - _lastBytes;
            _lastBytes = bytes;
            if (_times.Count >= FewestSteps && Stopwatch.GetElapsedTime(_times[0], _times[^1]).TotalSeconds > seconds)
                progress.StopTraining = true;
        }

        public (Timing Step, long Bytes) Result()
        {
            List<double> steps = [.. _times.Zip(_times.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds).Skip(WarmUp)];
            return (Timing.Of(steps), _bytes);
        }
    }
}
