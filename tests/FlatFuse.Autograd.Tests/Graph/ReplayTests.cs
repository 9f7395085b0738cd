using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ReplayTests
{
    [Fact]
    public void A_whole_step_replays_with_the_bits_of_a_fresh_one_and_allocates_nothing()
    {
        var tape = new Tape();
        var context = new CallContext(new Arena(poison: true), new Workers(threads: 1), training: true) { Tape = tape, Step = 1 };
        Parameter[] weights = Weights();
        Tensor<float> x = Input(1), labels = Tensor.From<float>([0f, 2f, 1f]);
        Variable loss = Step(context, weights, x, labels);
        BackwardPass pass = BackwardPass.Plan([loss], [Tensor.Full(1f)]);
        pass.Run();
        tape.Replay();

        long leastAllocated = long.MaxValue;
        for (ulong step = 2; step < 5; step++)
        {
            x.CopyFrom(Input((int)step));
            labels.AsSpan()[0] = step % 3;
            context.Step = step;
            long before = GC.GetAllocatedBytesForCurrentThread();
            tape.Replay();
            pass.Run();
            leastAllocated = Math.Min(leastAllocated, GC.GetAllocatedBytesForCurrentThread() - before);

            Parameter[] fresh = Weights();
            Variable expected = Step(new CallContext(new Arena(poison: true), new Workers(threads: 1), training: true) { Step = step }, fresh, x, labels);
            expected.Backward();
            Assert.Equal(expected.Value.ToArray(), loss.Value.ToArray());
            for (int i = 0; i < weights.Length; i++)
                Assert.Equal(fresh[i].Gradient!.ToArray(), weights[i].Gradient!.ToArray());
        }
        // The least of three steps, for the reasons given in OpCheck.
        Assert.Equal(0, leastAllocated);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        List<float[]> one = Gradients(threads: 1);
        foreach (int threads in (int[])[2, 3, 4])
            Assert.Equal(one, Gradients(threads));
    }

    private static List<float[]> Gradients(int threads)
    {
        Parameter[] weights = Weights();
        var context = new CallContext(new Arena(poison: true), new Workers(threads: threads), training: true);
        Variable loss = Step(context, weights, Input(1), Tensor.From<float>([0f, 2f, 1f]));
        loss.Backward();
        return [loss.Value.ToArray(), .. weights.Select(weight => weight.Gradient!.ToArray())];
    }

    // One step through every fused node: embedding, LSTM, convolution, pooling, dropout, concatenation, dense, cross-entropy.
    private static Variable Step(CallContext context, Parameter[] w, Tensor<float> x, Tensor<float> labels)
    {
        Variable words = VariableOps.Embedding(context.Constant(x), w[0]);
        Variable mask = VariableOps.NotZero(context.Constant(x));
        Variable sequence = VariableOps.LSTM(words, w[1], w[2], w[3], mask: mask, options: new LSTMOptions { ReturnSequences = true }).Output;
        Variable convolved = VariableOps.Conv1D(words, w[4], w[5], padding: ConvolutionPadding.Same, activation: ActivationKind.ReLU);
        Variable pooled = VariableOps.MaxPooling1D(convolved, 2);
        Variable fused = VariableOps.Concatenate([VariableOps.Reshape(sequence, 3, -1), VariableOps.Reshape(pooled, 3, -1)], 1);
        Variable dropped = VariableOps.Dropout(fused, 0.25, RandomKey.FromSeed(5));
        Variable logits = VariableOps.Dense(dropped, w[6], w[7], ActivationKind.GELU);
        return VariableOps.Mean(VariableOps.SparseCategoricalCrossentropyFromLogits(logits, labels));
    }

    private static Tensor<float> Input(int seed)
    {
        int[] ids = RandomSource.FromSeed(seed).Integers(0, 9, 3, 6).ToArray();
        return Tensor.From<float>([.. ids.Select(id => (float)id)], 3, 6);
    }

    private static Parameter[] Weights()
    {
        int[][] shapes = [[9, 4], [4, 20], [5, 20], [20], [3, 4, 7], [7], [(6 * 5) + (3 * 7), 3], [3]];
        var weights = new Parameter[shapes.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = new Parameter($"w{i}", shapes[i]);
            weights[i].Assign(TestTensors.Spread(i, -0.5f, 0.5f, shapes[i]));
        }
        return weights;
    }
}
