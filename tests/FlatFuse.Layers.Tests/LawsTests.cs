using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>What one layer says about another.</summary>
public sealed class LawsTests
{
    private readonly CallContext _context = new();

    [Fact]
    public void Dense_on_steps_is_Dense_on_the_steps_laid_out_as_samples()
    {
        Dense dense = LayerCheck.Built(new Dense(5, Activation.Tanh), [2, 3, 4]);
        Variable x = Constant(1, 2, 3, 4);
        Variable flat = dense.Apply(VariableOps.Reshape(x, 6, 4));
        Values.Near(VariableOps.Reshape(flat, 2, 3, 5), dense.Apply(x));
    }

    [Fact]
    public void Conv1D_with_kernel_one_is_Dense()
    {
        Dense dense = LayerCheck.Built(new Dense(5, Activation.Sigmoid), [2, 7, 4]);
        Conv1D conv = LayerCheck.Built(new Conv1D(5, 1) { Activation = Activation.Sigmoid }, [2, 7, 4]);
        conv.Parameters[0].Assign(dense.Parameters[0].Value.Reshape(1, 4, 5));
        conv.Parameters[1].Assign(dense.Parameters[1].Value);
        Variable x = Constant(2, 2, 7, 4);
        Values.Near(dense.Apply(x), conv.Apply(x));
    }

    [Fact]
    public void Conv1D_as_wide_as_its_input_is_Dense_on_the_flattened_input()
    {
        Conv1D conv = LayerCheck.Built(new Conv1D(5, 7), [2, 7, 4]);
        Dense dense = LayerCheck.Built(new Dense(5), [2, 28]);
        dense.Parameters[0].Assign(conv.Parameters[0].Value.Reshape(28, 5));
        Variable x = Constant(3, 2, 7, 4);
        Values.Near(dense.Apply(new Flatten().Apply(x)), new Flatten().Apply(conv.Apply(x)));
    }

    [Fact]
    public void Conv1D_in_groups_is_a_convolution_of_each_part_of_the_channels()
    {
        Conv1D grouped = LayerCheck.Built(new Conv1D(6, 2) { Groups = 2 }, [2, 5, 4]);
        Variable x = Constant(4, 2, 5, 4);
        var halves = new Variable[2];
        for (int group = 0; group < 2; group++)
        {
            Conv1D half = LayerCheck.Built(new Conv1D(3, 2), [2, 5, 2]);
            half.Parameters[0].Assign(grouped.Parameters[0].Value[.., .., (3 * group)..(3 * group + 3)].Clone());
            halves[group] = half.Apply(VariableOps.Slice(x, 2, 2 * group, 2));
        }
        Values.Near(VariableOps.Concatenate(halves, 2), grouped.Apply(x));
    }

    [Fact]
    public void Channels_first_is_channels_last_between_two_permutations()
    {
        Conv1D last = LayerCheck.Built(new Conv1D(3, 2), [2, 5, 4]);
        Conv1D first = LayerCheck.Built(new Conv1D(3, 2) { DataFormat = DataFormat.ChannelsFirst }, [2, 4, 5]);
        Values.CopyWeights(last, first);
        Variable x = Constant(5, 2, 5, 4);
        var swap = new Permute(2, 1);
        Values.Near(last.Apply(x), swap.Apply(first.Apply(swap.Apply(x))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_LSTM_over_all_steps_is_two_halves_that_hand_over_their_state(bool backwards)
    {
        LSTM whole = LayerCheck.Built(new LSTM(4) { GoBackwards = backwards }, [2, 6, 3]);
        LSTM half = LayerCheck.Built(new LSTM(4) { GoBackwards = backwards, ReturnState = true }, [2, 3, 3]);
        Values.CopyWeights(whole, half);
        Variable x = Constant(6, 2, 6, 3);
        Variable first = VariableOps.Slice(x, 1, 0, 3), second = VariableOps.Slice(x, 1, 3, 3);
        if (backwards)
            (first, second) = (second, first);
        IReadOnlyList<Variable> state = half.ApplyMany(first);
        IReadOnlyList<Variable> end = half.ApplyMany(second, state[1], state[2]);
        Values.Near(whole.Apply(x), end[0]);
        Values.Near(end[0], end[1]);
    }

    [Fact]
    public void A_stateful_LSTM_goes_on_where_its_last_call_ended()
    {
        LSTM whole = LayerCheck.Built(new LSTM(4), [2, 6, 3]);
        LSTM stateful = LayerCheck.Built(new LSTM(4) { Stateful = true }, [2, 3, 3]);
        Values.CopyWeights(whole, stateful);
        Variable x = Constant(6, 2, 6, 3);
        Variable first = VariableOps.Slice(x, 1, 0, 3), second = VariableOps.Slice(x, 1, 3, 3);
        Variable begun = stateful.Apply(first);
        Values.Near(whole.Apply(x), stateful.Apply(second));
        Assert.Contains("2 samples", Assert.Throws<ArgumentException>(() => stateful.Apply(Constant(6, 3, 3, 3))).Message);
        stateful.ResetState();
        Values.Near(begun, stateful.Apply(first));
        stateful.ResetState();
        Assert.Equal([3, 4], stateful.Apply(Constant(6, 3, 3, 3)).Shape.ToArray());
    }

    [Fact]
    public void A_replayed_step_of_a_stateful_LSTM_reads_the_present_state()
    {
        LSTM stateful = LayerCheck.Built(new LSTM(4) { Stateful = true }, [2, 3, 3]);
        var tape = new Tape();
        var recorded = new CallContext { Tape = tape };
        Tensor<float> x = Values.Random(6, 2, 3, 3);
        Variable y = stateful.Apply(recorded.Constant(x));
        tape.Replay();
        float[] second = Values.Numbers(y);
        stateful.ResetState();
        stateful.Apply(_context.Constant(x));
        Assert.Equal(Values.Numbers(stateful.Apply(_context.Constant(x))), second);
    }

    [Fact]
    public void The_last_of_the_sequences_is_the_last_state()
    {
        LSTM sequences = LayerCheck.Built(new LSTM(4) { ReturnSequences = true, ReturnState = true }, [2, 5, 3]);
        IReadOnlyList<Variable> outputs = sequences.ApplyMany(Constant(7, 2, 5, 3));
        Values.Near(VariableOps.Reshape(VariableOps.Slice(outputs[0], 1, 4, 1), 2, 4), outputs[1]);
    }

    [Theory]
    [InlineData(false, false, false, false)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, true, false)]
    [InlineData(true, true, true, false)]
    [InlineData(true, false, false, true)]
    [InlineData(false, false, true, true)]
    [InlineData(true, false, true, true)]
    [InlineData(false, true, true, true)]
    [InlineData(true, true, true, true)]
    public void The_fused_LSTM_is_the_one_written_out_step_by_step(bool sequences, bool backwards, bool masked, bool initial)
    {
        LSTM layer = LayerCheck.Built(new LSTM(3) { ReturnSequences = sequences, GoBackwards = backwards }, [3, 5, 2]);
        IReadOnlyList<Parameter> weights = layer.Parameters;
        Variable x = _context.Leaf(Values.Random(8, 3, 5, 2));
        Variable? mask = masked ? _context.Constant(Values.Of([0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], 3, 5)) : null;
        // With initial states a masked step in front gives zeros, not the state: "the previous output" has not come yet.
        Variable[] states = initial ? [_context.Leaf(Values.Random(10, 3, 3)), _context.Leaf(Values.Random(11, 3, 3))] : [];
        LSTMResult written = UnrolledLSTM.Run(layer, x, weights[0], weights[1], weights[2], initial ? states[0] : null, initial ? states[1] : null, mask, _context);
        LayerValue fused = layer.Invoke([new LayerValue(x, mask), .. states.Select(state => (LayerValue)state)], _context)[0];
        Values.Near(written.Output, fused.Variable);
        if (masked)
            Assert.All(Values.Numbers(fused.Variable)[^(sequences ? 15 : 3)..], number => Assert.Equal(0f, number));

        Tensor<float> seed = Values.Random(9, written.Output.Shape);
        Variable[] all = [.. weights, x, .. states];
        fused.Variable.Backward(seed);
        float[][] got = [.. all.Select(variable => variable.Gradient!.Clone().AsSpan().ToArray())];
        written.Output.Backward(seed);
        for (int i = 0; i < all.Length; i++)
            Values.Near(_context.Constant(all[i].Gradient!), _context.Constant(Values.Of(got[i], all[i].Shape)));
    }

    [Fact]
    public void Flatten_then_Reshape_is_the_identity()
    {
        Variable x = Constant(10, 2, 3, 4);
        Variable back = new Reshape([3, 4]).Apply(new Flatten().Apply(x));
        Assert.Equal(Values.Numbers(x), Values.Numbers(back));
        Assert.Equal([2, 3, 4], back.Shape.ToArray());
    }

    [Fact]
    public void Flatten_of_one_axis_or_two_changes_no_number()
    {
        Assert.Equal([3, 1], new Flatten().Apply(Constant(11, 3)).Shape.ToArray());
        Variable x = Constant(11, 3, 4);
        Assert.Same(x, new Flatten().Apply(x));
    }

    [Fact]
    public void Channels_first_flattens_to_the_row_that_channels_last_gives()
    {
        Variable x = Constant(12, 2, 3, 4, 5);
        Variable last = new Permute(2, 3, 1).Apply(x);
        Assert.Equal(Values.Numbers(new Flatten().Apply(last)), Values.Numbers(new Flatten { DataFormat = DataFormat.ChannelsFirst }.Apply(x)));
    }

    [Fact]
    public void An_empty_batch_passes_through_Flatten_and_Reshape()
    {
        Variable x = _context.Constant(Tensor.Zeros<float>(0, 3, 4));
        Assert.Equal([0, 12], new Flatten().Apply(x).Shape.ToArray());
        Assert.Equal([0, 6, 2], new Reshape([-1, 2]).Apply(x).Shape.ToArray());
    }

    [Fact]
    public void TimeDistributed_is_the_layer_on_each_step()
    {
        LSTM inner = LayerCheck.Built(new LSTM(3), [2, 4, 2]);
        Variable x = Constant(13, 2, 5, 4, 2);
        Variable all = new TimeDistributed(inner).Apply(x);
        Assert.Equal([2, 5, 3], all.Shape.ToArray());
        for (int step = 0; step < 5; step++)
        {
            Variable one = inner.Apply(VariableOps.Reshape(VariableOps.Slice(x, 1, step, 1), 2, 4, 2));
            Values.Near(one, VariableOps.Reshape(VariableOps.Slice(all, 1, step, 1), 2, 3));
        }
    }

    [Fact]
    public void Average_is_Add_divided_and_Minimum_is_Maximum_mirrored()
    {
        Variable a = Constant(14, 2, 3), b = Constant(15, 2, 3), c = Constant(16, 2, 3);
        Values.Near(new Add().Apply(a, b, c) * (1f / 3f), new Average().Apply(a, b, c));
        Values.Near(-new Maximum().Apply(-a, -b, -c), new Minimum().Apply(a, b, c));
    }

    [Fact]
    public void A_shorter_shape_is_repeated_over_the_axes_behind_the_batch()
    {
        Variable sum = new Add().Apply(_context.Constant(Values.Of([1, 2, 3, 4], 2, 2)), _context.Constant(Tensor.Zeros<float>(2, 3, 2)));
        Assert.Equal([1f, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4], Values.Numbers(sum));
    }

    [Fact]
    public void Dropout_keeps_about_its_share_and_scales_it()
    {
        var training = new CallContext(training: true, seed: 5);
        Tensor<float> ones = Tensor.Zeros<float>(100, 100);
        ones.AsSpan().Fill(1f);
        float[] y = Values.Numbers(new Dropout(0.2).Apply(training.Constant(ones)));
        Assert.All(y, entry => Assert.True(entry == 0f || MathF.Abs(entry - 1.25f) < 1e-6f));
        // 10,000 draws of probability 0.2: five standard deviations are 0.02.
        Assert.InRange(y.Count(entry => entry == 0f) / 10000.0, 0.18, 0.22);
    }

    [Fact]
    public void Dropout_of_rate_1_drops_everything()
    {
        var training = new CallContext(training: true, seed: 5);
        Assert.All(Values.Numbers(new Dropout(1).Apply(training.Constant(Values.Of([1, 2, 3, float.MaxValue], 4)))), entry => Assert.Equal(0f, entry));
    }

    [Fact]
    public void A_noise_shape_drops_along_its_axes_of_size_1_together()
    {
        var training = new CallContext(training: true, seed: 5);
        Tensor<float> ones = Tensor.Zeros<float>(20, 3, 4);
        ones.AsSpan().Fill(1f);
        float[] y = Values.Numbers(new Dropout(0.5) { NoiseShape = [null, 1, 4] }.Apply(training.Constant(ones)));
        Assert.Contains(0f, y);
        Assert.Contains(2f, y);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(y[(i / 12 * 12) + (i % 4)], y[i]);
    }

    [Fact]
    public void One_branch_joins_to_itself()
        => Assert.Equal([1f, 2, 3, 4], Values.Numbers(new Concatenate().Apply(_context.Constant(Values.Of([1, 2, 3, 4], 2, 2)))));

    [Fact]
    public void Input_dropout_of_an_LSTM_is_the_same_at_every_step()
    {
        // With an identity-like path it would be hard to see: so the input is dropped completely or not at all, one feature wide.
        LSTM layer = LayerCheck.Built(new LSTM(2) { Dropout = 0.5, ReturnSequences = true }, [64, 4, 1]);
        Tensor<float> ones = Tensor.Zeros<float>(64, 4, 1);
        ones.AsSpan().Fill(1f);
        var inference = new CallContext();
        float[] dropped = Values.Numbers(layer.Apply(inference.Constant(Tensor.Zeros<float>(64, 4, 1))));
        float[] kept = Values.Numbers(layer.Apply(inference.Constant(ones) * 2f));
        float[] trained = Values.Numbers(layer.Apply(new CallContext(training: true).Constant(ones)));
        int zeros = 0;
        for (int sample = 0; sample < 64; sample++)
        {
            float[] of(float[] all) => all[(8 * sample)..(8 * sample + 8)];
            bool isDropped = of(trained).SequenceEqual(of(dropped));
            Assert.True(isDropped || of(trained).SequenceEqual(of(kept)), $"sample {sample} is neither dropped at every step nor kept at every step");
            zeros += isDropped ? 1 : 0;
        }
        Assert.InRange(zeros, 12, 52);
    }

    private Variable Constant(int seed, params ReadOnlySpan<int> shape) => _context.Constant(Values.Random(seed, shape));
}
