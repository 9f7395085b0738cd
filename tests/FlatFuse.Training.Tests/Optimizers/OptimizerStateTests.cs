using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Training.Tests;

public class OptimizerStateTests
{
    // Long enough for several chunks of work, and no multiple of a vector.
    private const int Length = 40_003;

    private static readonly Dictionary<string, Optimizer> All = new()
    {
        ["sgd"] = new SGD(0.1),
        ["sgd momentum clipvalue"] = new SGD(0.1) { Momentum = 0.9, ClipValue = 0.2 },
        ["sgd nesterov clipnorm"] = new SGD(0.1) { Momentum = 0.9, Nesterov = true, ClipNorm = 0.5 },
        ["rmsprop"] = new RMSprop { Centered = true, Momentum = 0.5 },
        ["adam"] = new Adam(),
        ["adam amsgrad global"] = new Adam { AMSGrad = true, GlobalClipNorm = 1 },
        ["adamw"] = new AdamW(new CosineDecay(0.01, 10)),
        ["adamax"] = new Adamax(),
        ["nadam"] = new Nadam(),
        ["adagrad"] = new Adagrad(),
        ["adadelta"] = new Adadelta(1.0),
        ["lion"] = new Lion(),
        ["ftrl"] = new Ftrl(0.1) { L1RegularizationStrength = 0.01 },
        ["ftrl from zero"] = new Ftrl(0.1) { InitialAccumulatorValue = 0, LearningRatePower = -0.4 },
        ["adam averaged"] = new Adam { UseEma = true, EmaMomentum = 0.9, EmaOverwriteFrequency = 3 },
        ["sgd accumulating averaged"] = new SGD(0.1) { Momentum = 0.9, ClipNorm = 0.5, GradientAccumulationSteps = 2, UseEma = true },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        OptimizerState state = All[name].CreateState([Segment(1)]);
        var workers = new Workers(threads: 2);
        Assert.Equal(0, Allocations.Least(() => state.Step(workers)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_the_same_bits_for_any_number_of_threads(string name)
        => Assert.Null(Tolerance.FirstBitDifference(After(name, steps: 4, threads: 1), After(name, steps: 4, threads: 3)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_restored_state_goes_on_with_the_same_bits(string name)
    {
        WeightSegment segment = Segment(1);
        OptimizerState first = All[name].CreateState([segment]);
        var workers = new Workers(threads: 1);
        Steps(first, segment, workers, 0, 3);

        WeightSegment copy = Segment(1);
        segment.Weights.AsSpan().CopyTo(copy.Weights.AsSpan());
        OptimizerState second = All[name].CreateState([copy]);
        second.Iterations = first.Iterations;
        for (int slot = 0; slot < first.SlotCount; slot++)
            first.Slot(0, slot).CopyTo(second.Slot(0, slot));

        Steps(first, segment, workers, 3, 2);
        Steps(second, copy, workers, 3, 2);
        Assert.Null(Tolerance.FirstBitDifference(segment.Weights.AsSpan(), copy.Weights.AsSpan()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gaps_of_zeros_stay_zero_and_slots_have_distinct_names(string name)
    {
        var segment = new WeightSegment(Tensor.Zeros<float>(40), Tensor.Zeros<float>(40), new WeightRange(0, 10), new WeightRange(16, 24));
        segment.Gradients.AsSpan()[..10].Fill(0.3f);
        OptimizerState state = All[name].CreateState([segment]);
        for (int i = 0; i < 3; i++)
            state.Step(new Workers(threads: 1));
        Assert.All(segment.Weights.AsSpan()[10..16].ToArray(), weight => Assert.Equal(0f, weight));
        Assert.All(segment.Weights.AsSpan()[..10].ToArray(), weight => Assert.True(weight < 0f));
        Assert.Equal(All[name].SlotCount, Enumerable.Range(0, All[name].SlotCount).Select(All[name].SlotName).Distinct().Count());
    }

    [Fact]
    public void Nadam_far_into_training_still_takes_finite_steps()
    {
        WeightSegment segment = Ones();
        OptimizerState state = new Nadam(0.1).CreateState([segment]);
        state.Iterations = 1_000_000;
        state.Step(new Workers(threads: 1));
        Assert.All(segment.Weights.AsSpan().ToArray(), weight => Assert.True(float.IsFinite(weight) && weight < 1f));
    }

    [Fact]
    public void Reset_forgets_moments_and_counter()
    {
        WeightSegment segment = Segment(1);
        OptimizerState state = new Adagrad { InitialAccumulatorValue = 0.25 }.CreateState([segment]);
        state.Step(new Workers(threads: 1));
        Assert.Equal(1, state.Iterations);
        state.Reset();
        Assert.Equal(0, state.Iterations);
        Assert.All(state.Slot(0, 0).ToArray(), value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public void The_first_step_uses_the_rate_of_step_zero()
    {
        OptimizerState state = new SGD(new PiecewiseConstantDecay([0], [1.0, 0.5])).CreateState([Ones()]);
        Assert.Equal(1.0, state.CurrentLearningRate);
        state.Step(new Workers(threads: 1));
        Assert.Equal(0.5, state.CurrentLearningRate);
    }

    [Fact]
    public void A_callback_may_replace_the_rate()
    {
        WeightSegment segment = Ones();
        OptimizerState state = new SGD(1.0).CreateState([segment]);
        state.LearningRate = 0.25;
        state.Step(new Workers(threads: 1));
        Assert.All(segment.Weights.AsSpan().ToArray(), weight => Assert.Equal(0.75f, weight));
    }

    [Fact]
    public void A_segment_may_learn_slower_and_be_left_out_of_weight_decay()
    {
        var segment = new WeightSegment(Fours(1f), Fours(1f)) { LearningRateScale = 0.5, Decays = false };
        new SGD(0.5) { WeightDecay = 0.1 }.CreateState([segment]).Step(new Workers(threads: 1));
        Assert.All(segment.Weights.AsSpan().ToArray(), weight => Assert.Equal(0.75f, weight));
    }

    [Fact]
    public void Moments_that_become_subnormal_are_flushed_to_zero()
    {
        WeightSegment segment = Ones();
        OptimizerState state = new SGD(1e-30) { Momentum = 0.1 }.CreateState([segment]);
        state.Step(new Workers(threads: 1));
        segment.Gradients.AsSpan().Clear();
        for (int i = 0; i < 12; i++)
            state.Step(new Workers(threads: 1));
        Assert.All(state.Slot(0, 0).ToArray(), moment => Assert.Equal(0f, moment));
    }

    private static float[] After(string name, int steps, int threads)
    {
        WeightSegment segment = Segment(1);
        Steps(All[name].CreateState([segment]), segment, new Workers(threads: threads), 0, steps);
        return segment.Weights.AsSpan().ToArray();
    }

    private static void Steps(OptimizerState state, WeightSegment segment, Workers workers, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            TestValues.Fill(segment.Gradients.AsSpan(), seed: 100 + i);
            state.Step(workers);
        }
    }

    private static WeightSegment Segment(int seed)
        => new(
            Tensor.From<float>(TestValues.Create(Length, seed), Length),
            Tensor.From<float>(TestValues.Create(Length, seed + 1), Length),
            new WeightRange(0, 30_000),
            new WeightRange(30_000, Length - 30_000));

    private static WeightSegment Ones() => new(Fours(1f), Fours(1f));

    private static Tensor<float> Fours(float value) => Tensor.From([value, value, value, value]);
}
