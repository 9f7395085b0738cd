using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class LSTMEdgeTests
{
    public static IEnumerable<object[]> Sets => KernelSetData.All;

    public static IEnumerable<object[]> FastSets => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_span_is_left(string set)
    {
        foreach (LSTMShape s in new[] { new LSTMShape(1, 1, 1, 1), new LSTMShape(3, 2, 5, 7), new LSTMShape(7, 3, 17, 19), new LSTMShape(5, 1, 23, 19), new LSTMShape(2, 2, 16, 32) })
        {
            foreach (bool atEnd in new[] { true, false })
                RunGuarded(set, s, atEnd);
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void A_vanishing_gradient_becomes_zero_and_never_subnormal(string set)
    {
        // Recurrent weights of 0.01 and forget gates near 1/2: both gradients halve or worse a step, 2^-149 is passed long before step 300.
        var shape = new LSTMShape(4, 300, 3, 17);
        var problem = new LSTMProblem(shape);
        problem = new LSTMProblem(shape, bias: false)
        {
            RecurrentKernel = Scaled(problem.RecurrentKernel, 0.01), Kernel = Scaled(problem.Kernel, 0.1), DSequences = new double[problem.DSequences.Length],
        };
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        foreach ((string name, float[] values) in run.All)
            Assert.DoesNotContain(values, float.IsSubnormal);
        Assert.Equal(0f, run.DX[0]);
        Assert.NotEqual(0f, run.DX[(shape.Steps - 1) * shape.Features]);
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void A_forgotten_state_becomes_zero_and_never_subnormal(string set)
    {
        var shape = new LSTMShape(2, 300, 2, 9);
        var problem = new LSTMProblem(shape, bias: false, states: true) { X = new double[1200], RecurrentKernel = new double[9 * 36] };
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        foreach ((string name, float[] values) in run.All)
            Assert.DoesNotContain(values, float.IsSubnormal);
        Assert.All(run.LastC, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NaN_stays_in_its_row_and_goes_on_in_time(string set)
    {
        var shape = new LSTMShape(3, 4, 2, 5);
        var problem = new LSTMProblem(shape);
        problem.X[((1 * 4) + 2) * 2] = double.NaN;
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        for (int b = 0; b < 3; b++)
        {
            for (int t = 0; t < 4; t++)
                Assert.Equal(b == 1 && t >= 2, float.IsNaN(run.Sequences[((b * 4) + t) * 5]));
        }
        Assert.All(run.DKernel, value => Assert.True(float.IsNaN(value)));
        Assert.All(run.DBias, value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsFinite(run.DX[0]));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void What_lies_in_a_masked_step_has_no_influence(string set)
    {
        var shape = new LSTMShape(2, 3, 2, 5);
        var problem = new LSTMProblem(shape) { Mask = [1, 0, 1, 1, 1, 0] };
        var want = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        problem.X[1 * 2] = double.NaN;
        problem.X[(5 * 2) + 1] = double.PositiveInfinity;
        var got = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        foreach (((string name, float[] one), (_, float[] other)) in want.All.Zip(got.All))
            Assert.True(Tolerance.FirstBitDifference(one, other) is null, $"{name}: {Tolerance.FirstBitDifference(one, other)}");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Infinite_inputs_saturate_the_gates_and_their_gradients_stay_finite(string set)
    {
        // Padding lanes see infinity times zero: their NaN must not reach the units.
        var shape = new LSTMShape(2, 3, 1, 3);
        var problem = new LSTMProblem(shape);
        problem.X[0] = double.PositiveInfinity;
        LSTMResult naive = problem.Naive();
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        Assert.Null(Tolerance.FirstDifference(naive.Sequences, run.Sequences, 0, 1e-6));
        Assert.Null(Tolerance.FirstDifference(naive.DH0, run.DH0, 0, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_rows_and_no_steps_are_fine(string set)
    {
        var none = new LSTMRun(new LSTMProblem(new LSTMShape(0, 3, 2, 3)), KernelSetData.WorkersOf(set));
        Assert.All(none.DKernel, value => Assert.Equal(0f, value));
        Assert.All(none.DBias, value => Assert.Equal(0f, value));
        var problem = new LSTMProblem(new LSTMShape(2, 0, 2, 3), states: true);
        var still = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        Assert.Equal(LSTMProblem.Floats(problem.H0), still.LastH);
        Assert.Equal(LSTMProblem.Floats(problem.DLastH), still.DH0);
        Assert.All(still.DRecurrentKernel, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var problem = new LSTMProblem(new LSTMShape(6, 3, 4, 20), mask: true);
        var operands = new LSTMRun.Operands(problem);
        var w = new Workers(threads: 1);
        float[] saved = new float[LSTMKernel.SavedLength(problem.Shape)];
        float[] dSequences = LSTMProblem.Floats(problem.DSequences);
        float[] dx = new float[operands.X.Length];
        float[] dKernel = new float[operands.Kernel.Length];
        long least = Allocations.Least(() =>
        {
            LSTMKernel.Forward(w, problem.Shape, operands.Value, [], [], [], saved);
            LSTMKernel.Backward(w, problem.Shape, operands.Value, saved, dSequences, [], [], new LSTMGradients { X = dx, Kernel = dKernel });
            LSTMKernel.Forward(w, problem.Shape, operands.Value, [], [], [], []);
        });
        Assert.Equal(0, least);
    }

    [Fact]
    public void Wrong_lengths_are_refused_by_name()
    {
        var shape = new LSTMShape(2, 3, 4, 5);
        var w = new Workers(threads: 1);
        float[] x = new float[24];
        float[] kernel = new float[80];
        float[] recurrent = new float[100];
        ArgumentException error = Assert.Throws<ArgumentException>(() => LSTMKernel.Forward(
            w, shape, new LSTMOperands { X = x, Kernel = recurrent, RecurrentKernel = recurrent }, [], [], [], []));
        Assert.Contains("LSTMKernel.Forward: Kernel has 100 elements, expected 80", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => LSTMKernel.Forward(
            w, shape, new LSTMOperands { X = x, Kernel = kernel, RecurrentKernel = recurrent, Mask = new float[5] }, [], [], [], []));
        Assert.Contains("Mask", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => LSTMKernel.Backward(
            w, shape, new LSTMOperands { X = x, Kernel = kernel, RecurrentKernel = recurrent }, [], [], [], [], default));
        Assert.Contains("saved", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LSTMKernel.SavedLength(new LSTMShape(1, 1, 0, 1)));
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, value => (double)(float)(value * factor));

    private static void RunGuarded(string set, LSTMShape s, bool atEnd)
    {
        var problem = new LSTMProblem(s, states: true, mask: true);
        var operands = new LSTMRun.Operands(problem);
        var all = new List<GuardedMemory>();
        GuardedMemory Guard(ReadOnlySpan<float> values)
        {
            all.Add(GuardedMemory.CopyOf(values, atEnd));
            return all[^1];
        }

        int state = s.Batch * s.Units;
        var guarded = new LSTMOperands
        {
            X = Guard(operands.X).Span, Kernel = Guard(operands.Kernel).Span, RecurrentKernel = Guard(operands.RecurrentKernel).Span,
            Bias = Guard(operands.Bias).Span, H0 = Guard(operands.H0).Span, C0 = Guard(operands.C0).Span, Mask = Guard(operands.Mask).Span,
        };
        Span<float> saved = Guard(new float[LSTMKernel.SavedLength(s)]).Span;
        Span<float> sequences = Guard(new float[state * s.Steps]).Span;
        Span<float> lastH = Guard(new float[state]).Span;
        Span<float> lastC = Guard(new float[state]).Span;
        var gradients = new LSTMGradients
        {
            X = Guard(new float[operands.X.Length]).Span, Kernel = Guard(new float[operands.Kernel.Length]).Span,
            RecurrentKernel = Guard(new float[operands.RecurrentKernel.Length]).Span, Bias = Guard(new float[4 * s.Units]).Span,
            H0 = Guard(new float[state]).Span, C0 = Guard(new float[state]).Span,
        };
        Span<float> dSequences = Guard(LSTMProblem.Floats(problem.DSequences)).Span;
        Workers w = KernelSetData.WorkersOf(set);
        LSTMKernel.Forward(w, s, guarded, sequences, lastH, lastC, []);
        LSTMKernel.Forward(w, s, guarded, sequences, lastH, lastC, saved);
        LSTMKernel.Backward(w, s, guarded, saved, dSequences, Guard(LSTMProblem.Floats(problem.DLastH)).Span, Guard(LSTMProblem.Floats(problem.DLastC)).Span, gradients);
        LSTMKernel.Backward(w, s, guarded, saved, dSequences, [], [], gradients);
        foreach (GuardedMemory memory in all)
        {
            Assert.True(memory.IsSlackUntouched, $"{set}, {s}, atEnd {atEnd}");
            memory.Dispose();
        }
    }
}
