using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class RecurrentTests
{
    private static readonly RecurrentCell[] Cells = Enum.GetValues<RecurrentCell>();

    public static IEnumerable<object[]> Sets => KernelSetData.All;

    public static IEnumerable<object[]> FastSets => KernelSetData.Accelerated;

    // Up to 3 rows: x K is one product beforehand. Else, with few features, it is part of each step's.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_number_of_units_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            foreach (int units in Enumerable.Range(1, 20).Concat([31, 32, 33, 64]))
            {
                Check(set, new RecurrentProblem(cell, 3, 4, 5, units, state: true, seed: (uint)units));
                Check(set, new RecurrentProblem(cell, 4, 4, 5, units, state: true, seed: (uint)units));
            }
        }
    }

    // More features than rows of all steps; as many as columns of K; weights larger than a half of L2.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void An_input_that_is_multiplied_beforehand_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            Check(set, new RecurrentProblem(cell, 17, 1, 301, 20) { GoBackwards = true });
            Check(set, new RecurrentProblem(cell, 25, 5, 97, 21, recurrentMask: true) { GoBackwards = true });
            Check(set, new RecurrentProblem(cell, 25, 5, 97, 21, mask: true));
        }
        Check(set, new RecurrentProblem(RecurrentCell.GRUAfter, 7, 15, 99, 273, scale: 0.5));
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_number_of_features_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            foreach (int features in Enumerable.Range(1, 20).Concat([31, 32, 33, 65, 128]))
            {
                Check(set, new RecurrentProblem(cell, 2, 3, features, 7, seed: (uint)features));
                Check(set, new RecurrentProblem(cell, 4, 33, features, 7, seed: (uint)features));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Every_batch_and_length_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            foreach (int batch in new[] { 1, 2, 3, 5, 8, 16, 23, 24, 25, 40 })
            {
                foreach (int steps in new[] { 1, 2, 7 })
                    Check(set, new RecurrentProblem(cell, batch, steps, 3, 6, state: batch % 2 == 0, seed: (uint)(batch + steps)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_combination_of_options_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            for (int options = 0; options < 128; options++)
            {
                bool sequences = (options & 16) != 0;
                bool last = (options & 32) != 0 || !sequences;
                foreach (int batch in new[] { 3, 4 })
                {
                    var problem = new RecurrentProblem(
                        cell, batch, 4, 2, 5, bias: (options & 1) != 0, state: (options & 2) != 0, mask: (options & 4) != 0,
                        recurrentMask: (options & 64) != 0, seed: 77)
                    { GoBackwards = (options & 8) != 0 };
                    Check(set, problem, sequences, last);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Several_blocks_of_steps_agree_with_the_definition(string set)
    {
        // 40 rows: blocks of 12 steps, 3 chunks of rows.
        foreach (RecurrentCell cell in Cells)
            Check(set, new RecurrentProblem(cell, 40, 29, 3, 5, state: true, mask: true, recurrentMask: true) { GoBackwards = true });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_pair_of_activations_agrees_with_the_definition(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            foreach (ActivationKind activation in Enum.GetValues<ActivationKind>())
            {
                foreach (ActivationKind gate in new[] { ActivationKind.Sigmoid, ActivationKind.HardSigmoid, ActivationKind.SiLU })
                    Check(set, new RecurrentProblem(cell, 2, 2, 2, 3, state: true, scale: 0.5) { Activation = activation, Gate = gate });
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Gradients_are_added_where_that_is_asked_for(string set)
    {
        float[] pattern = [0.5f, -2, 3.25f, 0, 17, -1, 0.125f];
        foreach (RecurrentCell cell in Cells)
        {
            var problem = new RecurrentProblem(cell, 5, 3, 4, 9, state: true);
            var overwritten = new RecurrentRun(problem, KernelSetData.WorkersOf(set));
            var added = new RecurrentRun(problem, KernelSetData.WorkersOf(set), initial: pattern);
            foreach (string name in new[] { "dx", "dKernel", "dRecurrentKernel", "dBias", "dH0" })
            {
                for (int i = 0; i < added[name].Length; i++)
                    Assert.Equal(overwritten[name][i] + pattern[i % pattern.Length], added[name][i], 1e-4f);
            }
        }
    }

    // Shapes of each way to share the work: all of it or none, few rows in one part or two, sums of chunks of their own or of all rows.
    [Theory]
    [MemberData(nameof(FastSets))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        (int Batch, int Steps, int Features, int Units)[] shapes =
            [(32, 9, 12, 20), (64, 20, 3, 33), (1, 5, 4, 4), (9, 40, 30, 40), (11, 3, 4, 5), (16, 12, 64, 40), (19, 30, 8, 33), (23, 4, 3, 3), (49, 6, 30, 17), (9, 40, 100, 20), (20, 22, 150, 220)];
        foreach (RecurrentCell cell in Cells)
        {
            foreach ((int batch, int steps, int features, int units) in shapes)
            {
                // The last ones are without a mask, because only then all of their input is multiplied beforehand.
                var problem = new RecurrentProblem(cell, batch, steps, features, units, state: true, mask: features < 97);
                var one = new RecurrentRun(problem, KernelSetData.WorkersOf(set, 1));
                foreach (int threads in new[] { 2, 3 })
                    SameBits($"{set}, {cell}, {threads} threads", one, new RecurrentRun(problem, KernelSetData.WorkersOf(set, threads)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FastSets))]
    public void Inference_gives_the_bits_of_training(string set)
    {
        foreach (RecurrentCell cell in Cells)
        {
            var run = new RecurrentRun(new RecurrentProblem(cell, 7, 6, 5, 19, state: true, mask: true, recurrentMask: true), KernelSetData.WorkersOf(set));
            Assert.Equal(run["sequences"], run["inference sequences"]);
            Assert.Equal(run["lastH"], run["inference lastH"]);
        }
    }

    internal static void SameBits(string what, RecurrentRun want, RecurrentRun got)
    {
        foreach ((string name, float[] values) in want.All)
            Assert.True(Tolerance.FirstBitDifference(values, got[name]) is null, $"{what}: {name}: {Tolerance.FirstBitDifference(values, got[name])}");
    }

    /// <summary>
    /// Each number within 2⁻²³ · 8 · (terms of its longest sum) of the definition in double, relative to the largest number of its kind: the
    /// rounding of each step (about 2 units in a gate, a sum over features + units) enters the next one, damped by the gates.
    /// </summary>
    private static void Check(string set, RecurrentProblem p, bool sequences = true, bool last = true)
    {
        Dictionary<string, double[]> naive = p.Naive(sequences, last);
        var run = new RecurrentRun(p, KernelSetData.WorkersOf(set), sequences, last);
        int terms = p.Features + (4 * p.Units) + (p.Steps * 4);
        foreach ((string name, float[] values) in run.All)
        {
            if (values.Length == 0)
                continue;
            double[] want = naive[name.Replace("inference ", "", StringComparison.Ordinal)];
            int sum = name is "dKernel" or "dRecurrentKernel" or "dBias" ? terms + (p.Batch * p.Steps) : terms;
            double largest = 1e-3;
            foreach (double value in want)
                largest = Math.Max(largest, Math.Abs(value));
            string? difference = Tolerance.FirstDifference(want, values, 0, 8 * sum * Tolerance.Epsilon * largest);
            Assert.True(difference is null, $"{set}, {p.Cell} ({p.Batch}, {p.Steps}, {p.Features}, {p.Units}) {p.Activation} {p.Gate}: {name}: {difference}");
        }
    }
}
