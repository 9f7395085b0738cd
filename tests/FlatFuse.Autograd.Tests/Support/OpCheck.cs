using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Autograd.Tests;

/// <summary>
/// One case, five proofs: gradients against differences, once overwriting and once adding; every output element written (poisoned arena);
/// views give the bits of their contiguous copies; a replayed step gives the bits of a fresh one and allocates nothing.
/// </summary>
internal static class OpCheck
{
    public static void Verify(Func<IReadOnlyList<Variable>, Variable> operation, params Tensor<float>[] inputs)
        => Verify(operation, 1f / 32f, inputs);

    public static void Verify(Func<IReadOnlyList<Variable>, Variable> operation, float step, params Tensor<float>[] inputs)
        => Verify(operation, step, training: false, inputs);

    public static void Verify(Func<IReadOnlyList<Variable>, Variable> operation, float step, bool training, params Tensor<float>[] inputs)
    {
        var options = new GradientCheckOptions { Step = step, Training = training, Allocator = new Arena(poison: true), Workers = new Workers(threads: 1) };
        GradientCheck.Verify((_, values) => operation(values), inputs, options);
        GradientCheck.Verify((_, values) => VariableOps.Add(operation(values), VariableOps.Affine(operation(values), 0.5f)), inputs, options);
        ViewsGiveTheBitsOfCopies(operation, training, inputs);
        ReplayGivesTheBitsOfAFreshRun(operation, training, inputs);
    }

    /// <summary>A fresh pass: output first, then every input's gradient.</summary>
    public static List<float[]> Run(Func<IReadOnlyList<Variable>, Variable> operation, IReadOnlyList<Tensor<float>> inputs, bool training = false)
    {
        var context = new CallContext(new Arena(poison: true), new Workers(threads: 1), training: training);
        (Variable output, Variable[] leaves, BackwardPass pass) = Record(operation, context, inputs);
        pass.Run();
        return Read(output, leaves);
    }

    private static void ViewsGiveTheBitsOfCopies(Func<IReadOnlyList<Variable>, Variable> operation, bool training, Tensor<float>[] inputs)
        => AssertSameBits(Run(operation, [.. inputs.Select(input => input.Clone())], training), Run(operation, inputs, training));

    private static void ReplayGivesTheBitsOfAFreshRun(Func<IReadOnlyList<Variable>, Variable> operation, bool training, Tensor<float>[] inputs)
    {
        var tape = new Tape();
        var context = new CallContext(new Arena(poison: true), new Workers(threads: 1), training: training) { Tape = tape };
        (Variable output, Variable[] leaves, BackwardPass pass) = Record(operation, context, inputs);
        long leastAllocated = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            foreach (Tensor<float> input in inputs)
                Change(input);
            long before = GC.GetAllocatedBytesForCurrentThread();
            tape.Replay();
            pass.Run();
            leastAllocated = Math.Min(leastAllocated, GC.GetAllocatedBytesForCurrentThread() - before);
            AssertSameBits(Run(operation, inputs, training), Read(output, leaves));
        }
        // The least of three: the first round may grow scratch memory, and a collection that another test's thread starts in between
        // counts the rest of this thread's allocation block. An allocation of the step itself would show in every round.
        Assert.Equal(0, leastAllocated);
    }

    private static (Variable Output, Variable[] Leaves, BackwardPass Pass) Record(
        Func<IReadOnlyList<Variable>, Variable> operation, CallContext context, IReadOnlyList<Tensor<float>> inputs)
    {
        Variable[] leaves = [.. inputs.Select(context.Leaf)];
        Variable output = operation(leaves);
        var seed = Tensor.Zeros<float>(output.Shape);
        TestValues.Fill(seed.AsSpan(), 7, 0.5f, 1.5f);
        return (output, leaves, BackwardPass.Plan([output], [seed]));
    }

    private static List<float[]> Read(Variable output, Variable[] leaves)
        => [output.Value.ToArray(), .. leaves.Select(leaf => leaf.Gradient?.ToArray() ?? [])];

    // New values in place, computed from the old ones, so that a view that repeats elements changes each of them once.
    private static void Change(Tensor<float> tensor)
    {
        float[] old = tensor.ToArray();
        for (int i = 0; i < old.Length; i++)
            tensor[Shapes.IndexAt(i, tensor.Shape)] = (old[i] * 0.875f) + 0.01f;
    }

    private static void AssertSameBits(List<float[]> want, List<float[]> got)
    {
        for (int i = 0; i < want.Count; i++)
        {
            Assert.DoesNotContain(got[i], float.IsNaN);
            Assert.Equal(want[i].Length, got[i].Length);
            Assert.Null(Tolerance.FirstBitDifference(want[i], got[i]));
        }
    }
}
