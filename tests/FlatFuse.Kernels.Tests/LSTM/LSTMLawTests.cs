using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>What must hold between calls, to the bit.</summary>
public sealed class LSTMLawTests
{
    private const int Batch = 5;
    private const int Steps = 6;
    private const int Features = 3;
    private const int Units = 18;

    public static IEnumerable<object[]> Sets => KernelSetData.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void All_steps_at_once_are_two_calls_chained_by_their_states(string set)
    {
        var whole = new LSTMProblem(new LSTMShape(Batch, Steps, Features, Units), states: true);
        var operands = new LSTMRun.Operands(whole);
        Workers w = KernelSetData.WorkersOf(set);
        float[] sequences = new float[Batch * Steps * Units];
        float[] lastH = new float[Batch * Units];
        float[] lastC = new float[Batch * Units];
        LSTMKernel.Forward(w, whole.Shape, operands.Value, sequences, lastH, lastC, []);

        float[] h = operands.H0;
        float[] c = operands.C0;
        int done = 0;
        foreach (int length in new[] { 2, 4 })
        {
            var shape = new LSTMShape(Batch, length, Features, Units);
            float[] part = new float[Batch * length * Units];
            float[] nextH = new float[Batch * Units];
            float[] nextC = new float[Batch * Units];
            var given = new LSTMOperands
            {
                X = Steps2D(operands.X, done, length, Features), Kernel = operands.Kernel, RecurrentKernel = operands.RecurrentKernel,
                Bias = operands.Bias, H0 = h, C0 = c,
            };
            LSTMKernel.Forward(w, shape, given, part, nextH, nextC, []);
            Assert.Equal(Steps2D(sequences, done, length, Units), part);
            (h, c, done) = (nextH, nextC, done + length);
        }
        Assert.Equal(lastH, h);
        Assert.Equal(lastC, c);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_mask_of_ones_is_no_mask(string set)
    {
        var shape = new LSTMShape(Batch, Steps, Features, Units);
        var plain = new LSTMRun(new LSTMProblem(shape, states: true), KernelSetData.WorkersOf(set));
        double[] ones = new double[Batch * Steps];
        Array.Fill(ones, 1);
        SameBits(plain, new LSTMRun(new LSTMProblem(shape, states: true) { Mask = ones }, KernelSetData.WorkersOf(set)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Going_backwards_is_going_forwards_through_the_flipped_input(string set)
    {
        var shape = new LSTMShape(Batch, Steps, Features, Units);
        var backwards = new LSTMProblem(shape with { GoBackwards = true }, states: true, mask: true);
        var flipped = new LSTMProblem(shape, states: true)
        {
            X = Flip(backwards.X, Features), Mask = Flip(backwards.Mask, 1),
        };
        var one = new LSTMRun(backwards, KernelSetData.WorkersOf(set));
        var other = new LSTMRun(flipped, KernelSetData.WorkersOf(set));
        Assert.Equal(one.Sequences, other.Sequences);
        Assert.Equal(one.DX, Flip(other.DX, Features));
        Assert.Equal(one.DH0, other.DH0);
        Assert.Equal(one.LastC, other.LastC);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_step_that_is_masked_everywhere_passes_state_and_gradient_through(string set)
    {
        var problem = new LSTMProblem(new LSTMShape(2, 3, 2, 3), states: true) { Mask = [0, 0, 0, 0, 0, 0] };
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        Assert.Equal(LSTMProblem.Floats(problem.H0), run.LastH);
        Assert.Equal(LSTMProblem.Floats(problem.C0), run.LastC);
        Assert.Equal(LSTMProblem.Floats(problem.DLastC), run.DC0);
        Assert.All(run.DX, value => Assert.Equal(0f, value));
        Assert.All(run.DKernel, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Backward_can_run_again(string set)
    {
        var problem = new LSTMProblem(new LSTMShape(3, 4, 2, 5), states: true);
        var operands = new LSTMRun.Operands(problem);
        Workers w = KernelSetData.WorkersOf(set);
        float[] saved = new float[LSTMKernel.SavedLength(problem.Shape)];
        LSTMKernel.Forward(w, problem.Shape, operands.Value, [], [], [], saved);
        float[] first = new float[operands.X.Length];
        float[] second = new float[operands.X.Length];
        float[] dSequences = LSTMProblem.Floats(problem.DSequences);
        LSTMKernel.Backward(w, problem.Shape, operands.Value, saved, dSequences, [], [], new LSTMGradients { X = first });
        LSTMKernel.Backward(w, problem.Shape, operands.Value, saved, dSequences, [], [], new LSTMGradients { X = second });
        Assert.Equal(first, second);
        Assert.Contains(first, value => value != 0);
    }

    private static void SameBits(LSTMRun want, LSTMRun got)
    {
        foreach (((string name, float[] one), (_, float[] other)) in want.All.Zip(got.All))
            Assert.True(Tolerance.FirstBitDifference(one, other) is null, $"{name}: {Tolerance.FirstBitDifference(one, other)}");
    }

    // Steps first … first + length − 1 of every batch row.
    private static float[] Steps2D(float[] values, int first, int length, int width)
    {
        var part = new List<float>();
        for (int b = 0; b < Batch; b++)
            part.AddRange(values.AsSpan(((b * Steps) + first) * width, length * width).ToArray());
        return [.. part];
    }

    private static T[] Flip<T>(T[] values, int width)
    {
        var flipped = new T[values.Length];
        for (int b = 0; b < Batch; b++)
        {
            for (int t = 0; t < Steps; t++)
                Array.Copy(values, ((b * Steps) + t) * width, flipped, ((b * Steps) + Steps - 1 - t) * width, width);
        }
        return flipped;
    }
}
