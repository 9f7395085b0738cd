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

    // For half a second the runtime still compiles the code around the kernels anew at full optimisation.
    private const double WarmUpSeconds = 0.6;

    /// <summary>The time of a training step within Fit, and its managed bytes.</summary>
    public static TrainTimes Train(SeedModel seed, int batch, int threads, double seconds = Seconds)
    {
        Model model = seed.Build(threads);
        model.Compile(seed.Optimizer(), seed.Loss);
        var meter = new Meter(seconds);
        model.Fit(
            [.. seed.Inputs(seed.Batches * batch)],
            seed.Targets(seed.Batches * batch),
            new FitOptions { BatchSize = batch, Epochs = int.MaxValue, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [meter] });
        return meter.Result();
    }

    /// <summary>The time of a prediction of one batch.</summary>
    public static PredictTimes Predict(SeedModel seed, int batch, int threads)
    {
        Model model = seed.Build(threads);
        Tensor[] inputs = [.. seed.Inputs(batch)];
        Tensor<float> output = model.Predict(inputs);
        void Into() => model.Predict(inputs, output);
        Stopclock.RunFor(Into, WarmUpSeconds);
        Timing into = Stopclock.Time(Into, Seconds / 4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Into();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new PredictTimes(into, Stopclock.Time(() => model.Predict(inputs), Seconds / 6), bytes);
    }

    /// <summary>Takes the time and the managed bytes between two batches; the first steps, which capture and compile, are left out.</summary>
    private sealed class Meter(double seconds) : Callback
    {
        private const int WarmUpSteps = 5;
        private const int FewestSteps = 10;
        private readonly List<long> _times = new(1 << 20);
        private readonly long _began = Stopwatch.GetTimestamp();
        private int _warmUp;
        private long _bytes;
        private long _lastBytes;

        public override void OnBatchEnd(TrainingProgress progress)
        {
            long now = Stopwatch.GetTimestamp();
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            _bytes = bytes - _lastBytes;
            _lastBytes = bytes;
            if (_warmUp < WarmUpSteps || Stopwatch.GetElapsedTime(_began, now).TotalSeconds < WarmUpSeconds)
            {
                _warmUp++;
                return;
            }
            _times.Add(now);
            if (_times.Count >= FewestSteps && Stopwatch.GetElapsedTime(_times[0], _times[^1]).TotalSeconds > seconds)
                progress.StopTraining = true;
        }

        public TrainTimes Result()
        {
            List<double> steps = [.. _times.Zip(_times.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds)];
            return new TrainTimes(Timing.Of(steps), _bytes);
        }
    }
}
