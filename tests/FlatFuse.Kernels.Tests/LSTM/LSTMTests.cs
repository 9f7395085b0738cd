using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class LSTMTests
{
    public static IEnumerable<object[]> Sets => KernelSetData.All;

    public static IEnumerable<object[]> FastSets => KernelSetData.Accelerated;

    // Up to 3 rows: x K is one product beforehand. Else, with few features, it is part of each step's.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_number_of_units_agrees_with_the_definition(string set)
    {
        foreach (int units in Enumerable.Range(1, 20).Concat([31, 32, 33, 64]))
        {
            Check(set, new LSTMProblem(new LSTMShape(3, 4, 5, units), states: true, seed: (uint)units));
            Check(set, new LSTMProblem(new LSTMShape(4, 4, 5, units), states: true, seed: (uint)units));
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void An_input_that_is_multiplied_beforehand_agrees_with_the_definition(string set)
    {
        // More features than rows of all steps; four times as many as units; weights larger than a half of L2.
        foreach (LSTMShape shape in new[]
        {
            new LSTMShape(4, 1, 40, 9), new LSTMShape(4, 2, 8, 17), new LSTMShape(17, 1, 301, 20) { GoBackwards = true },
            new LSTMShape(25, 5, 97, 21) { GoBackwards = true }, new LSTMShape(7, 15, 99, 211),
        })
        {
            Check(set, new LSTMProblem(shape));
            Check(set, new LSTMProblem(shape, bias: false, states: true), sequences: false);
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_number_of_features_agrees_with_the_definition(string set)
    {
        foreach (int features in Enumerable.Range(1, 20).Concat([31, 32, 33, 65, 128]))
        {
            Check(set, new LSTMProblem(new LSTMShape(2, 3, features, 7), seed: (uint)features));
            Check(set, new LSTMProblem(new LSTMShape(4, 33, features, 7), seed: (uint)features));
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_batch_and_length_agrees_with_the_definition(string set)
    {
        foreach (int batch in Enumerable.Range(1, 9).Concat([16, 23, 24, 25, 32, 40]))
        {
            foreach (int steps in new[] { 1, 2, 3, 7 })
                Check(set, new LSTMProblem(new LSTMShape(batch, steps, 3, 6), states: batch % 2 == 0, seed: (uint)(batch + steps)));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_combination_of_options_agrees_with_the_definition(string set)
    {
        for (int options = 0; options < 64; options++)
        {
            bool sequences = (options & 16) != 0;
            bool last = (options & 32) != 0 || !sequences;
            foreach (int batch in new[] { 3, 4 })
            {
                var shape = new LSTMShape(batch, 4, 2, 5) { GoBackwards = (options & 8) != 0 };
                var problem = new LSTMProblem(shape, bias: (options & 1) != 0, states: (options & 2) != 0, mask: (options & 4) != 0, seed: 77);
                Check(set, problem, sequences, last);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Several_blocks_of_steps_agree_with_the_definition(string set)
    {
        // 40 rows: blocks of 12 steps, 3 chunks of rows.
        Check(set, new LSTMProblem(new LSTMShape(40, 29, 3, 5) { GoBackwards = true }, states: true, mask: true));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_pair_of_activations_agrees_with_the_definition(string set)
    {
        foreach (ActivationKind activation in Enum.GetValues<ActivationKind>())
        {
            foreach (ActivationKind gate in new[] { ActivationKind.Sigmoid, ActivationKind.HardSigmoid, ActivationKind.Tanh, ActivationKind.SiLU })
            {
                var shape = new LSTMShape(2, 2, 2, 3) { Activation = activation, RecurrentActivation = gate };
                Check(set, new LSTMProblem(shape, states: true, scale: 0.5));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Gradients_are_added_where_that_is_asked_for(string set)
    {
        var problem = new LSTMProblem(new LSTMShape(5, 3, 4, 9), states: true);
        float[] pattern = [0.5f, -2, 3.25f, 0, 17, -1, 0.125f];
        var overwritten = new LSTMRun(problem, KernelSetData.WorkersOf(set));
        var added = new LSTMRun(problem, KernelSetData.WorkersOf(set), initial: pattern);
        foreach ((float[] one, float[] other) in new[]
        {
            (overwritten.DX, added.DX), (overwritten.DKernel, added.DKernel), (overwritten.DRecurrentKernel, added.DRecurrentKernel),
            (overwritten.DBias, added.DBias), (overwritten.DH0, added.DH0), (overwritten.DC0, added.DC0),
        })
        {
            for (int i = 0; i < one.Length; i++)
                Assert.Equal(one[i] + pattern[i % pattern.Length], other[i], 1e-4f);
        }
    }

    // A panel is longer than what all rows meet at once, in sets of four lanes too; dx comes from dots where two features are few.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void Long_sums_agree_with_the_definition(string set)
        => Check(set, new LSTMProblem(new LSTMShape(13, 3, 2, 131), states: true, mask: true, scale: 0.2));

    // Two chunks of unequal height, several blocks of steps: each chunk sums the weight gradients of its own rows.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void Weight_gradients_summed_chunk_by_chunk_agree_with_the_definition(string set)
    {
        Check(set, new LSTMProblem(new LSTMShape(25, 17, 3, 5), states: true, mask: true));
        Check(set, new LSTMProblem(new LSTMShape(41, 9, 20, 19), states: true));
    }

    // Shapes of each way to share the work: all of it or none, few rows in one part or two, sums of chunks of their own or of all rows.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        LSTMShape[] shapes =
        [
            new(32, 9, 12, 20), new(64, 20, 3, 33), new(1, 5, 4, 4), new(40, 1, 200, 24), new(9, 40, 30, 40), new(11, 3, 4, 5), new(16, 12, 64, 40), new(19, 30, 8, 33),
            new(23, 4, 3, 3), new(49, 6, 30, 17), new(9, 40, 100, 20), new(20, 22, 150, 200), new(20, 22, 150, 200) { GoBackwards = true },
        ];
        foreach (LSTMShape shape in shapes)
        {
            // The last ones are without a mask, because only then all of their input is multiplied beforehand.
            var problem = new LSTMProblem(shape, states: true, mask: shape.Features < 97);
            var one = new LSTMRun(problem, KernelSetData.WorkersOf(set, 1));
            foreach (int threads in new[] { 2, 3 })
            {
                var several = new LSTMRun(problem, KernelSetData.WorkersOf(set, threads));
                foreach (((string name, float[] want), (_, float[] got)) in one.All.Zip(several.All))
                    Assert.True(Tolerance.FirstBitDifference(want, got) is null, $"{set}, {shape}, {threads} threads: {name}: {Tolerance.FirstBitDifference(want, got)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Inference_gives_the_bits_of_training(string set)
    {
        var run = new LSTMRun(new LSTMProblem(new LSTMShape(7, 6, 5, 19), states: true, mask: true), KernelSetData.WorkersOf(set));
        Assert.Equal(run.Sequences, run.InferenceSequences);
        Assert.Equal(run.LastH, run.InferenceLastH);
        Assert.Equal(run.LastC, run.InferenceLastC);
    }

    /// <summary>
    /// Each number within 2⁻²³ · 8 · (terms of its longest sum) of the definition in double, relative to the largest number of its kind: the
    /// rounding of each step (about 2 units in a gate, a sum over features + units) enters the next one, damped by the gates.
    /// </summary>
    private static void Check(string set, LSTMProblem problem, bool sequences = true, bool last = true)
    {
        LSTMShape s = problem.Shape;
        LSTMResult naive = problem.Naive(sequences, last);
        var run = new LSTMRun(problem, KernelSetData.WorkersOf(set), sequences, last);
        int terms = s.Features + (4 * s.Units) + (s.Steps * 4);
        string what = $"{set}, {s}";
        if (sequences)
        {
            Compare(what, "sequences", naive.Sequences, run.Sequences, terms);
            Compare(what, "inference sequences", naive.Sequences, run.InferenceSequences, terms);
        }
        if (last)
        {
            Compare(what, "lastH", naive.LastH, run.LastH, terms);
            Compare(what, "lastC", naive.LastC, run.LastC, terms);
        }
        Compare(what, "inference lastH", naive.LastH, run.InferenceLastH, terms);
        Compare(what, "inference lastC", naive.LastC, run.InferenceLastC, terms);
        Compare(what, "dx", naive.DX, run.DX, terms);
        Compare(what, "dH0", naive.DH0, run.DH0, terms);
        Compare(what, "dC0", naive.DC0, run.DC0, terms);
        int rowTerms = terms + (s.Batch * s.Steps);
        Compare(what, "dKernel", naive.DKernel, run.DKernel, rowTerms);
        Compare(what, "dRecurrentKernel", naive.DRecurrentKernel, run.DRecurrentKernel, rowTerms);
        Compare(what, "dBias", naive.DBias, run.DBias, rowTerms);
    }

    private static void Compare(string what, string name, double[] want, float[] got, int terms)
    {
        double largest = 1e-3;
        foreach (double value in want)
            largest = Math.Max(largest, Math.Abs(value));
        string? difference = Tolerance.FirstDifference(want, got, 0, 8 * terms * Tolerance.Epsilon * largest);
        Assert.True(difference is null, $"{what}: {name}: {difference}");
    }
}
