using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>What must hold between calls, to the bit, and at the edges.</summary>
public sealed class RecurrentLawTests
{
    private const int Batch = 5;
    private const int Steps = 6;
    private const int Features = 3;
    private const int Units = 18;

    private static readonly RecurrentCell[] Cells = Enum.GetValues<RecurrentCell>();

    public static IEnumerable<object[]> Sets => KernelSetData.All;

    public static IEnumerable<object[]> FastSets => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Sets))]
    public void All_steps_at_once_are_two_calls_chained_by_their_state(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var whole = new RecurrentProblem(cell, Batch, Steps, Features, Units, state: true);
            var run = new RecurrentRun(whole, KernelSetData.WorkersOf(set));
            double[] h = whole.H0;
            int done = 0;
            foreach (int length in new[] { 2, 4 })
            {
                var part = new RecurrentProblem(cell, Batch, length, Features, Units)
                {
                    X = Part(whole.X, done, length, Features), H0 = h, Kernel = whole.Kernel, RecurrentKernel = whole.RecurrentKernel, Bias = whole.Bias,
                };
                var partRun = new RecurrentRun(part, KernelSetData.WorkersOf(set));
                Assert.Equal(Part(run["sequences"], done, length, Units), partRun["sequences"]);
                h = Array.ConvertAll(partRun["lastH"], value => (double)value);
                done += length;
            }
            Assert.Equal(run["lastH"], LSTMProblem.Floats(h));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Going_backwards_is_going_forwards_through_the_flipped_input(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var backwards = new RecurrentProblem(cell, Batch, Steps, Features, Units, state: true, mask: true) { GoBackwards = true };
            var flipped = new RecurrentProblem(cell, Batch, Steps, Features, Units, state: true)
            {
                X = Flip(backwards.X, Features), Mask = Flip(backwards.Mask, 1),
            };
            var one = new RecurrentRun(backwards, KernelSetData.WorkersOf(set));
            var other = new RecurrentRun(flipped, KernelSetData.WorkersOf(set));
            Assert.Equal(one["sequences"], other["sequences"]);
            Assert.Equal(one["dx"], Flip(other["dx"], Features));
            Assert.Equal(one["dH0"], other["dH0"]);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Masks_of_ones_are_no_masks(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var plain = new RecurrentRun(new RecurrentProblem(cell, Batch, Steps, Features, Units, state: true), KernelSetData.WorkersOf(set));
            double[] ones = new double[Batch * Steps];
            Array.Fill(ones, 1);
            var masked = new RecurrentProblem(cell, Batch, Steps, Features, Units, state: true) { Mask = ones };
            RecurrentTests.SameBits($"{set}, {cell}", plain, new RecurrentRun(masked, KernelSetData.WorkersOf(set)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void What_lies_in_a_masked_step_has_no_influence(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var problem = new RecurrentProblem(cell, 2, 3, 2, 5) { Mask = [1, 0, 1, 1, 1, 0] };
            var want = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            problem.X[1 * 2] = double.NaN;
            problem.X[(5 * 2) + 1] = double.PositiveInfinity;
            RecurrentTests.SameBits($"{set}, {cell}", want, new RecurrentRun(problem, KernelSetData.WorkersOf(set)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NaN_stays_in_its_row_and_goes_on_in_time(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var problem = new RecurrentProblem(cell, 3, 4, 2, 5);
            problem.X[((1 * 4) + 2) * 2] = double.NaN;
            var run = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            for (int b = 0; b < 3; b++)
            {
                for (int t = 0; t < 4; t++)
                    Assert.Equal(b == 1 && t >= 2, float.IsNaN(run["sequences"][((b * 4) + t) * 5]));
            }
            Assert.All(run["dKernel"], value => Assert.True(float.IsNaN(value)));
            Assert.True(float.IsFinite(run["dx"][0]));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Infinite_inputs_saturate_the_gates_and_the_padding_stays_out(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var problem = new RecurrentProblem(cell, 2, 3, 1, 3);
            problem.X[0] = double.PositiveInfinity;
            var run = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            Assert.All(run["sequences"], value => Assert.True(float.IsFinite(value)));
            Assert.All(run["dH0"], value => Assert.True(float.IsFinite(value)));
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void A_vanishing_gradient_becomes_zero_and_never_subnormal(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var problem = new RecurrentProblem(cell, 4, 300, 3, 17, bias: false);
            problem = new RecurrentProblem(cell, 4, 300, 3, 17, bias: false)
            {
                RecurrentKernel = Scaled(problem.RecurrentKernel, 0.01), Kernel = Scaled(problem.Kernel, 0.1), DSequences = new double[problem.DSequences.Length],
            };
            var run = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            foreach ((string name, float[] values) in run.All)
                Assert.DoesNotContain(values, float.IsSubnormal);
            Assert.Equal(0f, run["dx"][0]);
            Assert.NotEqual(0f, run["dx"][299 * 3]);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_rows_and_no_steps_are_fine(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var none = new RecurrentRun(new RecurrentProblem(cell, 0, 3, 2, 3), KernelSetData.WorkersOf(set));
            Assert.All(none["dKernel"], value => Assert.Equal(0f, value));
            Assert.All(none["dBias"], value => Assert.Equal(0f, value));
            var problem = new RecurrentProblem(cell, 2, 0, 2, 3, state: true);
            var still = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            Assert.Equal(LSTMProblem.Floats(problem.H0), still["lastH"]);
            Assert.Equal(LSTMProblem.Floats(problem.DLastH), still["dH0"]);
            Assert.All(still["dRecurrentKernel"], value => Assert.Equal(0f, value));
        }
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, value => (double)(float)(value * factor));

    // Steps first … first + length − 1 of every batch row.
    private static T[] Part<T>(T[] values, int first, int length, int width)
    {
        var part = new List<T>();
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
