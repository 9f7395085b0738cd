using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class AllocationTests
{
    // The issue allows 16 KiB; a replayed step makes no object at all, so the bound is what a callback's bookkeeping may cost.
    private const long AllowedBytes = 16 * 1024;

    [Fact]
    public void The_tenth_training_step_of_S01_allocates_next_to_nothing()
    {
        Model model = FitModels.S01();
        FitModels.Compile(model);
        RandomSource random = RandomSource.FromSeed(3);
        var meter = new StepMeter();
        model.Fit(
            [random.Derive("text").Normal(0, 1, 352, 50, 128), random.Derive("behavior").Normal(0, 1, 352, 100, 64)],
            random.Derive("labels").Integers(0, 2, 352, 1),
            new FitOptions { BatchSize = 32, Verbosity = Verbosity.Silent, Callbacks = [new TerminateOnNaN(), new EarlyStopping { Monitor = "loss", RestoreBestWeights = true }, meter] });
        Assert.True(meter.Steps[9] < AllowedBytes, $"bytes a step: {string.Join(", ", meter.Steps)}");
    }

    // A few arrays of references to inputs and outputs; the result of 64 × 1 floats alone would be 280 bytes.
    [Fact]
    public void Predicting_into_a_tensor_that_is_there_allocates_next_to_nothing()
    {
        Model model = FitModels.S01();
        RandomSource random = RandomSource.FromSeed(3);
        Tensor[] x = [random.Derive("text").Normal(0, 1, 64, 50, 128), random.Derive("behavior").Normal(0, 1, 64, 100, 64)];
        Tensor<float> into = Tensor.Zeros<float>(64, 1);
        long least = long.MaxValue;
        for (int call = 0; call < 6; call++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Predict(x, into);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.True(least < 1024, $"{least} bytes");
        Assert.Equal(model.Predict(x).AsSpan().ToArray(), into.AsSpan().ToArray());
        Assert.Contains("(64, 1)", Assert.Throws<ArgumentException>(() => model.Predict(x, Tensor.Zeros<float>(63, 1))).Message);
    }

    /// <summary>Managed bytes that the training thread allocated during each step (workers only run kernels, which allocate nothing).</summary>
    private sealed class StepMeter : Callback
    {
        private readonly long[] _totals = new long[16];
        private int _count;

        public IReadOnlyList<long> Steps
        {
            get
            {
                var steps = new List<long>();
                for (int i = 1; i < _count; i++)
                    steps.Add(_totals[i] - _totals[i - 1]);
                return steps;
            }
        }

        public override void OnEpochBegin(TrainingProgress progress) => _totals[_count++] = GC.GetAllocatedBytesForCurrentThread();

        public override void OnBatchEnd(TrainingProgress progress) => _totals[_count++] = GC.GetAllocatedBytesForCurrentThread();
    }
}
