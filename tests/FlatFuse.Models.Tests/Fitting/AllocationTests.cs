using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Testing;

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

    public static IEnumerable<object[]> Rows => SeedRow.All.Select(row => new object[] { row.Name });

    // A replayed step makes no object. The first steps capture, and code that is still being compiled better may do as it likes.
    [Theory]
    [MemberData(nameof(Rows))]
    public void A_training_step_allocates_nothing(string name)
    {
        SeedRow row = SeedRow.Of(name);
        Model model = row.Build();
        model.Compile(row.Optimizer, row.Loss);
        var meter = new StepMeter();
        model.Fit(row.Inputs(256), row.Targets(256), new FitOptions { BatchSize = 32, Verbosity = Verbosity.Silent, Callbacks = [meter] });
        // Half of the last steps and more: a collection that another test starts counts the rest of this thread's allocation block to one of them.
        Assert.True(meter.Steps.TakeLast(5).Count(bytes => bytes == 0) > 2, $"bytes a step: {string.Join(", ", meter.Steps)}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Predicting_into_a_tensor_that_is_there_allocates_nothing(string name)
    {
        SeedRow row = SeedRow.Of(name);
        Model model = row.Build();
        foreach (int samples in new[] { 1, 32, 40 })
        {
            IReadOnlyList<Tensor> x = row.Inputs(samples);
            Tensor<float> result = model.Predict(x);
            Tensor<float> into = Tensor.Zeros<float>(result.Shape);
            Assert.Equal(0, Allocations.Least(() => model.Predict(x, into)));
            if (x.Count == 1)
                Assert.Equal(0, Allocations.Least(() => model.Predict(x[0], into)));
            Assert.Equal(result.AsSpan().ToArray(), into.AsSpan().ToArray());
            long fresh = Allocations.Least(() => model.Predict(x));
            Assert.True(fresh <= (result.Count * sizeof(float)) + 1024, $"{name}, {samples} samples: {fresh} bytes for {result.Count} numbers");
        }
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused()
    {
        Model model = FitModels.S01();
        RandomSource random = RandomSource.FromSeed(3);
        Tensor[] x = [random.Derive("text").Normal(0, 1, 64, 50, 128), random.Derive("behavior").Normal(0, 1, 64, 100, 64)];
        Assert.Contains("(64, 1)", Assert.Throws<ArgumentException>(() => model.Predict(x, Tensor.Zeros<float>(63, 1))).Message);
    }

    [Fact]
    public void Whole_numbers_converted_in_place_are_those_of_this_call()
    {
        Model model = new Sequential(Input.Of([3], dtype: DType.Int32), new Embedding(10, 2), new Flatten());
        Tensor<float> first = model.Predict(Tensor.From(new int[,] { { 1, 2, 3 } }));
        Tensor<float> second = model.Predict(Tensor.From(new int[,] { { 4, 5, 6 } }));
        Assert.Equal(first.AsSpan().ToArray(), model.Predict(Tensor.From(new long[,] { { 1, 2, 3 } })).AsSpan().ToArray());
        Assert.NotEqual(first.AsSpan().ToArray(), second.AsSpan().ToArray());
        Assert.Contains("16777216", Assert.Throws<ArgumentException>(() => model.Predict(Tensor.From(new int[,] { { 1, 1 << 25, 3 } }))).Message);
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
