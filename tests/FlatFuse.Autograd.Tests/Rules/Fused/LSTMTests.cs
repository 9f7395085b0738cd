using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class LSTMTests
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
    public void Gradient_agrees_with_differences_for_every_option(bool sequences, bool backwards)
    {
        var options = new LSTMOptions { ReturnSequences = sequences, GoBackwards = backwards };
        OpCheck.Verify(
            values => VariableOps.LSTM(values[0], values[1], values[2], values[3], values[4], values[5], null, options).Output,
            Everything("contiguous"));
        OpCheck.Verify(values => VariableOps.LSTM(values[0], values[1], values[2], options: options).Output, Everything("contiguous")[..3]);
    }

    [Fact]
    public void Gradient_flows_through_all_three_results_at_once()
        => OpCheck.Verify(
            values => Join(VariableOps.LSTM(values[0], values[1], values[2], values[3], values[4], values[5], null, new LSTMOptions { ReturnSequences = true })),
            Everything("contiguous"));

    [Fact]
    public void Gradient_flows_through_any_single_result()
    {
        var options = new LSTMOptions { ReturnSequences = true };
        OpCheck.Verify(values => VariableOps.LSTM(values[0], values[1], values[2], values[3], options: options).LastC, Everything("contiguous")[..4]);
        OpCheck.Verify(values => VariableOps.LSTM(values[0], values[1], values[2], values[3], options: options).LastH, Everything("contiguous")[..4]);
    }

    [Fact]
    public void Masked_steps_keep_the_state_and_the_mask_gets_no_gradient()
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            var options = new LSTMOptions { ReturnSequences = sequences };
            OpCheck.Verify(
                values => VariableOps.LSTM(values[0], values[1], values[2], values[3], values[4], values[5], Mask(values[0]), options).Output,
                Everything("contiguous"));
        }
    }

    [Fact]
    public void Other_activations_work()
    {
        var options = new LSTMOptions { Activation = ActivationKind.Sigmoid, RecurrentActivation = ActivationKind.Tanh };
        OpCheck.Verify(values => VariableOps.LSTM(values[0], values[1], values[2], values[3], options: options).Output, Everything("contiguous")[..4]);
    }

    [Fact]
    public void One_variable_as_both_initial_states_gets_both_contributions()
        => OpCheck.Verify(
            values => VariableOps.LSTM(values[0], values[1], values[2], values[3], values[4], values[4]).Output,
            Everything("contiguous")[..5]);

    [Fact]
    public void Without_sequences_the_output_is_the_last_h()
    {
        var context = new CallContext();
        Variable[] values = [.. Everything("contiguous").Select(context.Leaf)];
        LSTMResult last = VariableOps.LSTM(values[0], values[1], values[2], values[3]);
        LSTMResult all = VariableOps.LSTM(values[0], values[1], values[2], values[3], options: new LSTMOptions { ReturnSequences = true });
        Assert.Same(last.Output, last.LastH);
        Assert.Equal(last.LastH.Value.ToArray(), VariableOps.Slice(all.Output, 1, -1, 1).Value.ToArray());
        Assert.Equal(last.LastC.Value.ToArray(), all.LastC.Value.ToArray());
    }

    [Fact]
    public void Prediction_gives_the_bits_of_training()
    {
        Tensor<float>[] inputs = Everything("contiguous");
        float[] recorded = Predict(new CallContext(), inputs);
        Assert.Equal(recorded, Predict(new CallContext(recording: false), inputs));
    }

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable[] v = [.. Everything("contiguous").Select(context.Leaf)];
        Assert.StartsWith("LSTM: x has shape (2, 9); expected (batch, steps, features).", Message(() => VariableOps.LSTM(VariableOps.Reshape(v[0], 2, 9), v[1], v[2])));
        Assert.StartsWith("LSTM: features or units do not meet the kernel, left (2, 3, 3) × right (2, 8); expected kernel (3, 8).", Message(() => VariableOps.LSTM(v[0], v[2], v[2])));
        Assert.StartsWith("LSTM: recurrent kernel has shape (3, 8); expected (units, 4 · units).", Message(() => VariableOps.LSTM(v[0], v[1], v[1])));
        Assert.StartsWith("LSTM: bias has shape (2, 2); expected (8,).", Message(() => VariableOps.LSTM(v[0], v[1], v[2], v[4])));
        Assert.StartsWith("LSTM: h0 has shape (3, 8); expected (2, 2).", Message(() => VariableOps.LSTM(v[0], v[1], v[2], v[3], v[1])));
        Assert.StartsWith("LSTM: mask has shape (2, 2); expected (2, 3).", Message(() => VariableOps.LSTM(v[0], v[1], v[2], v[3], mask: v[4])));
    }

    private static string Message(Func<LSTMResult> call) => Assert.Throws<ArgumentException>(() => { call(); }).Message;

    private static float[] Predict(CallContext context, Tensor<float>[] inputs)
    {
        Variable[] values = [.. inputs.Select(context.Leaf)];
        return VariableOps.LSTM(values[0], values[1], values[2], values[3], values[4], values[5]).Output.Value.ToArray();
    }

    // The second sample begins with padding, the first ends with it.
    private static Variable Mask(Variable x) => x.Context!.Constant(Tensor.From<float>([1f, 1f, 0f, 0f, 1f, 1f], Batch, Steps));

    private static Variable Join(LSTMResult result)
        => VariableOps.Concatenate(
            [VariableOps.Reshape(result.Output, -1), VariableOps.Reshape(result.LastH, -1), VariableOps.Reshape(result.LastC, -1)], 0);

    // x, kernel, recurrent kernel, bias, h0, c0.
    private static Tensor<float>[] Everything(string layout) =>
    [
        TestTensors.Of(layout, 1, -1f, 1f, Batch, Steps, Features),
        TestTensors.Of(layout, 2, -1f, 1f, Features, 4 * Units),
        TestTensors.Of(layout, 3, -1f, 1f, Units, 4 * Units),
        TestTensors.Spread(4, -1f, 1f, 4 * Units),
        TestTensors.Of(layout, 5, -1f, 1f, Batch, Units),
        TestTensors.Of(layout, 6, -1f, 1f, Batch, Units),
    ];
}
