using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>GRU and SimpleRNN as nodes.</summary>
public sealed class RecurrentTests
{
    private const int Batch = 2;
    private const int Steps = 3;
    private const int Features = 3;
    private const int Units = 2;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Gradients_agree_with_differences_for_every_option(bool sequences, bool backwards)
    {
        foreach (bool after in (bool[])[false, true])
        {
            var options = new GRUOptions { ReturnSequences = sequences, GoBackwards = backwards, ResetAfter = after };
            Tensor<float>[] all = Everything("contiguous", 3, after ? [2, 3 * Units] : [3 * Units]);
            OpCheck.Verify(v => VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], options: options).Output, all);
            OpCheck.Verify(v => VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], Mask(v[0]), RecurrentMask(v[0]), options).Output, all);
            OpCheck.Verify(v => VariableOps.GRU(v[0], v[1], v[2], options: options).Output, all[..3]);
        }
        var simple = new SimpleRNNOptions { ReturnSequences = sequences, GoBackwards = backwards };
        Tensor<float>[] values = Everything("contiguous", 1, [Units]);
        OpCheck.Verify(v => VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], options: simple).Output, values);
        OpCheck.Verify(v => VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], Mask(v[0]), RecurrentMask(v[0]), simple).Output, values);
        OpCheck.Verify(v => VariableOps.SimpleRNN(v[0], v[1], v[2], options: simple).Output, values[..3]);
    }

    [Fact]
    public void Other_activations_work()
    {
        var options = new GRUOptions { Activation = ActivationKind.Softsign, RecurrentActivation = ActivationKind.Tanh, ResetAfter = false };
        OpCheck.Verify(v => VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], options: options).Output, Everything("contiguous", 3, [3 * Units]));
        var simple = new SimpleRNNOptions { Activation = ActivationKind.GELU };
        OpCheck.Verify(v => VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], options: simple).Output, Everything("contiguous", 1, [Units]));
    }

    [Fact]
    public void Prediction_gives_the_bits_of_training()
    {
        foreach (bool sequences in (bool[])[false, true])
            Assert.Equal(Run(new CallContext(), sequences), Run(new CallContext(recording: false), sequences));
    }

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable[] v = [.. Everything("contiguous", 3, [2, 3 * Units]).Select(context.Leaf)];
        Assert.StartsWith("GRU: x has shape (2, 9); expected (batch, steps, features).", Message(() => VariableOps.GRU(VariableOps.Reshape(v[0], 2, 9), v[1], v[2])));
        Assert.StartsWith("GRU: features or units do not meet the kernel, left (2, 3, 3) × right (2, 6); expected kernel (3, 6).", Message(() => VariableOps.GRU(v[0], v[2], v[2])));
        Assert.StartsWith("GRU: recurrent kernel has shape (3, 6); expected (units, 3 · units).", Message(() => VariableOps.GRU(v[0], v[1], v[1])));
        Assert.StartsWith("GRU: bias has shape (2, 2); expected (2, 6).", Message(() => VariableOps.GRU(v[0], v[1], v[2], v[4])));
        Assert.StartsWith("GRU: bias has shape (2, 6); expected (6,).", Message(() => VariableOps.GRU(v[0], v[1], v[2], v[3], options: new GRUOptions { ResetAfter = false })));
        Assert.StartsWith("GRU: h0 has shape (3, 6); expected (2, 2).", Message(() => VariableOps.GRU(v[0], v[1], v[2], v[3], v[1])));
        Assert.StartsWith("GRU: mask has shape (2, 2); expected (2, 3).", Message(() => VariableOps.GRU(v[0], v[1], v[2], v[3], mask: v[4])));
        Assert.StartsWith("SimpleRNN: recurrent kernel has shape (2, 6); expected (units, units).", Message(() => VariableOps.SimpleRNN(v[0], v[1], v[2])));
    }

    private static float[] Run(CallContext context, bool sequences)
    {
        Variable[] v = [.. Everything("contiguous", 3, [2, 3 * Units]).Select(context.Leaf)];
        return VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], options: new GRUOptions { ReturnSequences = sequences }).Output.Value.ToArray();
    }

    private static string Message(Func<RecurrentResult> call) => Assert.Throws<ArgumentException>(() => { call(); }).Message;

    // The second sample begins with padding, the first ends with it.
    private static Variable Mask(Variable x) => x.Context!.Constant(Tensor.From<float>([1f, 1f, 0f, 0f, 1f, 1f], Batch, Steps));

    private static Variable RecurrentMask(Variable x) => x.Context!.Constant(Tensor.From<float>([2f, 0f, 1f, 2f], Batch, Units));

    private static Variable Join(RecurrentResult result)
        => VariableOps.Concatenate([VariableOps.Reshape(result.Output, -1), VariableOps.Reshape(result.LastH, -1)], 0);

    // x, kernel, recurrent kernel, bias, h0.
    private static Tensor<float>[] Everything(string layout, int gates, int[] bias) =>
    [
        TestTensors.Of(layout, 1, -1f, 1f, Batch, Steps, Features),
        TestTensors.Of(layout, 2, -1f, 1f, Features, gates * Units),
        TestTensors.Of(layout, 3, -1f, 1f, Units, gates * Units),
        TestTensors.Spread(4, -1f, 1f, bias),
        TestTensors.Of(layout, 5, -1f, 1f, Batch, Units),
    ];
}
