using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class RecurrentDoorTests
{
    public static IEnumerable<object[]> Sets => KernelSetData.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void No_span_is_left(string set)
    {
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            foreach ((int batch, int steps, int features, int units) in new[] { (1, 1, 1, 1), (3, 2, 5, 7), (7, 3, 17, 19), (2, 2, 16, 32) })
            {
                foreach (bool atEnd in new[] { true, false })
                    RunGuarded(set, new RecurrentProblem(cell, batch, steps, features, units, state: true, mask: true, recurrentMask: true), atEnd);
            }
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            var p = new RecurrentProblem(cell, 6, 3, 4, 20, mask: true);
            float[] x = LSTMProblem.Floats(p.X), kernel = LSTMProblem.Floats(p.Kernel), recurrent = LSTMProblem.Floats(p.RecurrentKernel);
            float[] mask = LSTMProblem.Floats(p.Mask), dSequences = LSTMProblem.Floats(p.DSequences);
            float[] saved = new float[RecurrentRun.SavedLength(p)], dx = new float[x.Length], dKernel = new float[kernel.Length];
            var w = new Workers(threads: 1);
            long least = Allocations.Least(() =>
            {
                var operands = new RecurrentOperands { X = x, Kernel = kernel, RecurrentKernel = recurrent, Mask = mask };
                RecurrentRun.Forward(w, p, operands, [], [], saved);
                RecurrentRun.Backward(w, p, operands, saved, dSequences, [], new RecurrentGradients { X = dx, Kernel = dKernel });
                RecurrentRun.Forward(w, p, operands, [], [], []);
            });
            Assert.Equal(0, least);
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused_by_name()
    {
        var shape = new GRUShape(2, 3, 4, 5);
        var w = new Workers(threads: 1);
        float[] x = new float[24], kernel = new float[60], recurrent = new float[75];
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => GRUKernel.Forward(w, shape, new RecurrentOperands { X = x, Kernel = recurrent, RecurrentKernel = recurrent }, [], [], []));
        Assert.Contains("GRUKernel.Forward: Kernel has 75 elements, expected 60 = features · 3 units", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(
            () => GRUKernel.Forward(w, shape, new RecurrentOperands { X = x, Kernel = kernel, RecurrentKernel = recurrent, Bias = new float[15] }, [], [], []));
        Assert.Contains("Bias has 15 elements, expected 30 = 2 · 3 units", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => SimpleRNNKernel.Backward(
            w, new SimpleRNNShape(2, 3, 4, 5), new RecurrentOperands { X = x, Kernel = new float[20], RecurrentKernel = new float[25] }, [], [], [], default));
        Assert.Contains("SimpleRNNKernel.Backward: saved", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GRUKernel.SavedLength(new GRUShape(1, 1, 0, 1)));
    }

    private static void RunGuarded(string set, RecurrentProblem p, bool atEnd)
    {
        var all = new List<GuardedMemory>();
        GuardedMemory Guard(ReadOnlySpan<float> values)
        {
            all.Add(GuardedMemory.CopyOf(values, atEnd));
            return all[^1];
        }

        GuardedMemory Copy(double[] values) => Guard(LSTMProblem.Floats(values));

        var operands = new RecurrentOperands
        {
            X = Copy(p.X).Span, Kernel = Copy(p.Kernel).Span, RecurrentKernel = Copy(p.RecurrentKernel).Span, Bias = Copy(p.Bias).Span,
            H0 = Copy(p.H0).Span, Mask = Copy(p.Mask).Span, RecurrentMask = Copy(p.RecurrentMask).Span,
        };
        Span<float> saved = Guard(new float[RecurrentRun.SavedLength(p)]).Span;
        Span<float> sequences = Guard(new float[p.State * p.Steps]).Span;
        Span<float> lastH = Guard(new float[p.State]).Span;
        var gradients = new RecurrentGradients
        {
            X = Guard(new float[p.X.Length]).Span, Kernel = Guard(new float[p.Kernel.Length]).Span,
            RecurrentKernel = Guard(new float[p.RecurrentKernel.Length]).Span, Bias = Guard(new float[p.BiasLength]).Span,
            H0 = Guard(new float[p.State]).Span,
        };
        Workers w = KernelSetData.WorkersOf(set);
        RecurrentRun.Forward(w, p, operands, sequences, lastH, []);
        RecurrentRun.Forward(w, p, operands, sequences, lastH, saved);
        RecurrentRun.Backward(w, p, operands, saved, Copy(p.DSequences).Span, Copy(p.DLastH).Span, gradients);
        foreach (GuardedMemory memory in all)
        {
            Assert.True(memory.IsSlackUntouched, $"{set}, {p.Cell}, atEnd {atEnd}");
            memory.Dispose();
        }
    }
}
