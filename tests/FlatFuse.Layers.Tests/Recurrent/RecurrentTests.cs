using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>What recurrent layers say about each other, about masks and about states.</summary>
public sealed class RecurrentTests
{
    private readonly CallContext _context = new();

    public static TheoryData<string> Kinds => ["LSTM", "GRU", "GRU before", "SimpleRNN", "RNN"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_steps_are_two_halves_of_a_stateful_layer(string kind)
    {
        RecurrentLayer whole = LayerCheck.Built(Make(kind), [2, 6, 3]);
        RecurrentLayer stateful = LayerCheck.Built(Make(kind, stateful: true), [2, 3, 3]);
        Values.CopyWeights(whole, stateful);
        Variable x = Constant(1, 2, 6, 3);
        Variable first = VariableOps.Slice(x, 1, 0, 3), second = VariableOps.Slice(x, 1, 3, 3);
        Variable begun = stateful.Apply(first);
        Values.Near(whole.Apply(x), stateful.Apply(second));
        Assert.Contains("2 samples", Assert.Throws<ArgumentException>(() => stateful.Apply(Constant(6, 3, 3, 3))).Message);
        stateful.ResetState();
        Values.Near(begun, stateful.Apply(first));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_steps_are_two_halves_that_hand_over_their_states(string kind)
    {
        RecurrentLayer whole = LayerCheck.Built(Make(kind), [2, 6, 3]);
        RecurrentLayer half = LayerCheck.Built(Make(kind, state: true), [2, 3, 3]);
        Values.CopyWeights(whole, half);
        Variable x = Constant(2, 2, 6, 3);
        IReadOnlyList<Variable> middle = half.ApplyMany(VariableOps.Slice(x, 1, 0, 3));
        IReadOnlyList<Variable> end = half.ApplyMany([VariableOps.Slice(x, 1, 3, 3), .. middle.Skip(1)]);
        Values.Near(whole.Apply(x), end[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backwards_is_forwards_through_the_flipped_sequence(string kind)
    {
        RecurrentLayer forwards = LayerCheck.Built(Make(kind, sequences: true), [2, 5, 3]);
        RecurrentLayer backwards = LayerCheck.Built(Make(kind, sequences: true, backwards: true), [2, 5, 3]);
        Values.CopyWeights(forwards, backwards);
        Variable x = Constant(3, 2, 5, 3);
        Variable mask = _context.Constant(Values.Of([1, 1, 0, 1, 0, 0, 1, 1, 1, 1], 2, 5));
        LayerValue flipped = new(VariableOps.Flip(x, 1), VariableOps.Flip(mask, 1));
        Values.Near(forwards.Invoke([flipped], _context)[0].Variable, backwards.Invoke([new LayerValue(x, mask)], _context)[0].Variable);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_under_a_mask_is_no_padding(string kind)
    {
        RecurrentLayer layer = LayerCheck.Built(Make(kind), [2, 5, 3]);
        Variable x = Constant(4, 2, 5, 3);
        Variable short1 = VariableOps.Slice(x, 1, 1, 3);
        Variable mask = _context.Constant(Values.Of([0, 1, 1, 1, 0, 0, 1, 1, 1, 0], 2, 5));
        Values.Near(layer.Apply(short1), layer.Invoke([new LayerValue(x, mask)], _context)[0].Variable);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Before_the_first_real_step_the_output_is_zero_even_with_an_initial_state(string kind)
    {
        foreach (bool backwards in new[] { false, true })
        {
            RecurrentLayer layer = LayerCheck.Built(Make(kind, sequences: true, state: true, backwards: backwards), [2, 4, 3]);
            // Masked at both ends of the first sample; the second has no real step at all.
            Variable mask = _context.Constant(Values.Of([0, 1, 1, 0, 0, 0, 0, 0], 2, 4));
            int states = layer.InferShapes([new SymbolicShape(null, 4, 3)]).Count - 1;
            LayerValue[] inputs = [new LayerValue(Constant(5, 2, 4, 3), mask), .. Enumerable.Range(0, states).Select(i => (LayerValue)Constant(6 + i, 2, 4))];
            IReadOnlyList<LayerValue> outputs = layer.Invoke(inputs, _context);
            float[] y = Values.Numbers(outputs[0].Variable), h = Values.Numbers(outputs[1].Variable), h0 = Values.Numbers(inputs[1].Variable);
            Assert.All(y[..4], value => Assert.Equal(0f, value));
            Assert.All(y[16..], value => Assert.Equal(0f, value));
            Assert.DoesNotContain(0f, y[4..16]);
            Assert.Equal(y[8..12], y[12..16]);
            Assert.Equal(h0[4..], h[4..]);

            RecurrentLayer last = LayerCheck.Built(Make(kind, backwards: backwards), [2, 4, 3]);
            Values.CopyWeights(layer, last);
            float[] lastOutput = Values.Numbers(last.Invoke(inputs, _context)[0].Variable);
            Assert.Equal(y[12..16], lastOutput[..4]);
            Assert.All(lastOutput[4..], value => Assert.Equal(0f, value));
        }
    }

    [Theory]
    [InlineData("SimpleRNN")]
    [InlineData("GRU")]
    [InlineData("GRU before")]
    [InlineData("LSTM")]
    public void A_layer_is_its_cell_in_an_RNN(string kind)
    {
        foreach (bool sequences in new[] { false, true })
        {
            RecurrentLayer fused = LayerCheck.Built(Make(kind, sequences, backwards: true), [2, 5, 3]);
            RecurrentCell cell = kind switch
            {
                "SimpleRNN" => new SimpleRNNCell(4),
                "LSTM" => new LSTMCell(4),
                _ => new GRUCell(4) { ResetAfter = kind == "GRU" },
            };
            RNN written = LayerCheck.Built(new RNN(cell) { ReturnSequences = sequences, GoBackwards = true }, [2, 5, 3]);
            foreach (Parameter weight in fused.Parameters)
                weight.Assign(Values.Random(20 + weight.Count, weight.Shape));
            Values.CopyWeights(fused, written);
            Variable x = Constant(7, 2, 5, 3);
            Variable mask = _context.Constant(Values.Of([0, 1, 1, 0, 1, 1, 1, 0, 0, 0], 2, 5));
            Values.Near(written.Invoke([new LayerValue(x, mask)], _context)[0].Variable, fused.Invoke([new LayerValue(x, mask)], _context)[0].Variable);
        }
    }

    [Fact]
    public void A_file_that_asks_a_cell_for_dropout_is_refused()
    {
        JsonObject json = LayerRegistry.Write(new RNN(new GRUCell(3)));
        Assert.IsType<GRUCell>(((RNN)LayerRegistry.Read(json)).Cell);
        json["config"]!["cell"]!["config"]!["dropout"] = 0.5;
        Assert.Contains("GRUCell", Assert.Throws<NotSupportedException>(() => LayerRegistry.Read(json)).Message);
    }

    [Fact]
    public void A_cell_of_its_user_runs_learns_and_cannot_be_saved()
    {
        var layer = LayerCheck.Built(new RNN(new LeakyIntegrator()) { ReturnSequences = true, ReturnState = true }, [1, 3, 2]);
        layer.Cell.Parameters[0].Assign(Values.Of([0.5f, 0.25f], 2));
        Variable x = _context.Leaf(Values.Of([1, 1, 2, 2, 4, 4], 1, 3, 2));
        IReadOnlyList<Variable> outputs = layer.ApplyMany(x);
        // s' = k s + x; y = 2 s'.
        Assert.Equal([2f, 2f, 5f, 4.5f, 10.5f, 9.125f], Values.Numbers(outputs[0]));
        Assert.Equal([5.25f, 4.5625f], Values.Numbers(outputs[1]));
        VariableOps.Sum(outputs[1]).Backward();
        Assert.Equal([2 * 0.5f * 1 + 2, 2 * 0.25f * 1 + 2], layer.Cell.Parameters[0].Gradient!.Clone().AsSpan().ToArray());
        Assert.Equal([0.25f, 0.0625f, 0.5f, 0.25f, 1, 1], x.Gradient!.Clone().AsSpan().ToArray());
        Assert.False(layer.CanReplay);
        Assert.Contains("LeakyIntegrator", Assert.Throws<NotSupportedException>(() => LayerRegistry.Write(layer)).Message);
        Assert.Contains("backward layer", Assert.Throws<ArgumentException>(() => new Bidirectional(layer)).Message);
        var both = new Bidirectional(new RNN(new LeakyIntegrator()), MergeMode.Sum, new RNN(new LeakyIntegrator()) { GoBackwards = true });
        Assert.Equal([1, 2], both.Apply(x).Shape.ToArray());
        Assert.Equal(["forward_rnn", "backward_rnn"], both.Sublayers.Select(inner => inner.Name));
    }

    [Theory]
    [InlineData(MergeMode.Concatenate, false)]
    [InlineData(MergeMode.Concatenate, true)]
    [InlineData(MergeMode.Sum, true)]
    [InlineData(MergeMode.Multiply, true)]
    [InlineData(MergeMode.Average, false)]
    [InlineData(MergeMode.None, true)]
    public void Bidirectional_is_two_layers_joined(MergeMode mode, bool sequences)
    {
        var both = LayerCheck.Built(new Bidirectional(new GRU(3) { ReturnSequences = sequences, ReturnState = true }, mode), [2, 4, 2]);
        var forward = LayerCheck.Built(new GRU(3) { ReturnSequences = sequences, ReturnState = true }, [2, 4, 2]);
        var backward = LayerCheck.Built(new GRU(3) { ReturnSequences = sequences, ReturnState = true, GoBackwards = true }, [2, 4, 2]);
        Values.CopyWeights(both.Forward, forward);
        Values.CopyWeights(both.Backward, backward);
        Variable x = Constant(8, 2, 4, 2), first = Constant(9, 2, 3), second = Constant(10, 2, 3);
        IReadOnlyList<Variable> got = both.ApplyMany(x, first, second);
        IReadOnlyList<Variable> one = forward.ApplyMany(x, first), other = backward.ApplyMany(x, second);
        Variable flipped = sequences ? VariableOps.Flip(other[0], 1) : other[0];
        Variable[] want = mode switch
        {
            MergeMode.Concatenate => [VariableOps.Concatenate([one[0], flipped], one[0].Rank - 1)],
            MergeMode.Sum => [one[0] + flipped],
            MergeMode.Multiply => [one[0] * flipped],
            MergeMode.Average => [(one[0] + flipped) * 0.5f],
            _ => [one[0], flipped],
        };
        Variable[] all = [.. want, one[1], other[1]];
        Assert.Equal(all.Length, got.Count);
        for (int i = 0; i < all.Length; i++)
            Values.Near(all[i], got[i]);
    }

    [Fact]
    public void Masked_steps_of_both_directions_are_zero_in_sequences()
    {
        var both = LayerCheck.Built(new Bidirectional(new LSTM(3) { ReturnSequences = true }), [2, 4, 2]);
        var last = LayerCheck.Built(new Bidirectional(new LSTM(3)), [2, 4, 2]);
        Values.CopyWeights(both, last);
        Variable x = Constant(11, 2, 4, 2);
        Variable mask = _context.Constant(Values.Of([1, 1, 0, 0, 0, 1, 1, 1], 2, 4));
        LayerValue output = both.Invoke([new LayerValue(x, mask)], _context)[0];
        Assert.Same(mask, output.Mask);
        float[] y = Values.Numbers(output.Variable);
        for (int step = 0; step < 8; step++)
        {
            bool real = step is 0 or 1 or 5 or 6 or 7;
            Assert.All(y[(6 * step)..(6 * step + 6)], value => Assert.Equal(real, value != 0));
        }
        // Without sequences the last state counts, as outside.
        float[] end = Values.Numbers(last.Invoke([new LayerValue(x, mask)], _context)[0].Variable);
        Assert.Equal(y[6..9], end[..3]);
        Assert.Equal(y[3..6], end[3..6]);
    }

    [Fact]
    public void The_layers_inside_have_names_that_Keras_gives_and_weights_of_their_own()
    {
        var both = LayerCheck.Built(new Bidirectional(new LSTM(3) { Name = "words" }), [2, 4, 2]);
        Assert.Equal(["forward_words", "backward_words"], both.Sublayers.Select(layer => layer.Name));
        Assert.False(both.Forward.GoBackwards);
        Assert.True(both.Backward.GoBackwards);
        Assert.NotEqual(Numbers(both.Forward), Numbers(both.Backward));
        JsonObject json = LayerRegistry.Write(both);
        Assert.Equal("forward_words", (string?)json["config"]!["layer"]!["config"]!["name"]);
        Assert.Equal(["forward_words", "backward_words"], LayerRegistry.Read(json).Sublayers.Select(layer => layer.Name));

        static float[] Numbers(Layer layer) => layer.Parameters[0].Value.Clone().AsSpan().ToArray();
    }

    [Fact]
    public void Layers_that_do_not_pair_are_refused()
    {
        Mentions(() => new Bidirectional(new LSTM(3) { GoBackwards = true }), "GoBackwards", "two directions");
        Mentions(() => new Bidirectional(new LSTM(3), MergeMode.Sum, new LSTM(3) { GoBackwards = true, ReturnSequences = true }), "ReturnSequences");
        Mentions(() => new Bidirectional(new LSTM(3), MergeMode.Sum, new LSTM(3) { GoBackwards = true, Stateful = true }), "Stateful");
        var uneven = new Bidirectional(new LSTM(3), MergeMode.Sum, new LSTM(4) { GoBackwards = true });
        Mentions(() => uneven.InferShapes([new SymbolicShape(null, 5, 2)]), "(None, 3)", "(None, 4)", "Concatenate");
        var joined = new Bidirectional(new LSTM(3), MergeMode.Concatenate, new GRU(4) { GoBackwards = true });
        Assert.Equal("(None, 7)", joined.InferShapes([new SymbolicShape(null, 5, 2)])[0].ToString());
    }

    [Fact]
    public void A_merge_mode_of_null_is_no_merging()
    {
        JsonObject json = LayerRegistry.Write(new Bidirectional(new LSTM(3), MergeMode.None));
        Assert.Null(json["config"]!["merge_mode"]);
        Assert.Equal(MergeMode.None, ((Bidirectional)LayerRegistry.Read(json)).MergeMode);
        json["config"]!.AsObject().Remove("merge_mode");
        Assert.Equal(MergeMode.Concatenate, ((Bidirectional)LayerRegistry.Read(json)).MergeMode);
        json["config"]!["merge_mode"] = "max";
        Assert.Contains("'max'", Assert.Throws<InvalidDataException>(() => LayerRegistry.Read(json)).Message);
        json["config"]!["layer"] = LayerRegistry.Write(new Dense(3));
        json["config"]!["merge_mode"] = "sum";
        Assert.Contains("Dense", Assert.Throws<InvalidDataException>(() => LayerRegistry.Read(json)).Message);
    }

    [Fact]
    public void A_stateful_pair_goes_on_in_both_directions()
    {
        var both = LayerCheck.Built(new Bidirectional(new SimpleRNN(3) { Stateful = true }), [2, 4, 2]);
        Assert.True(both.KeepsState);
        Variable x = Constant(12, 2, 4, 2);
        float[] first = Values.Numbers(both.Apply(x)), second = Values.Numbers(both.Apply(x));
        Assert.NotEqual(first, second);
        both.ResetState();
        Assert.Equal(first, Values.Numbers(both.Apply(x)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_replayed_step_reads_the_present_state(string kind)
    {
        RecurrentLayer stateful = LayerCheck.Built(Make(kind, stateful: true), [2, 3, 3]);
        var tape = new Tape();
        Tensor<float> x = Values.Random(6, 2, 3, 3);
        Variable y = stateful.Apply(new CallContext { Tape = tape }.Constant(x));
        tape.Replay();
        float[] second = Values.Numbers(y);
        stateful.ResetState();
        stateful.Apply(_context.Constant(x));
        Assert.Equal(Values.Numbers(stateful.Apply(_context.Constant(x))), second);
    }

    [Theory]
    [InlineData("GRU")]
    [InlineData("GRU before")]
    [InlineData("SimpleRNN")]
    public void Recurrent_dropout_drops_the_state_on_its_way_into_the_products_and_nowhere_else(string kind)
    {
        // One unit: its state is dropped at every step, or doubled at every step.
        RecurrentLayer layer = kind switch
        {
            "SimpleRNN" => new SimpleRNN(1) { RecurrentDropout = 0.5 },
            _ => new GRU(1) { RecurrentDropout = 0.5, ResetAfter = kind == "GRU" },
        };
        LayerCheck.Built(layer, [64, 3, 2]);
        RecurrentLayer dropped = LayerCheck.Built(Make(kind, units: 1), [64, 3, 2]), kept = LayerCheck.Built(Make(kind, units: 1), [64, 3, 2]);
        Values.CopyWeights(layer, dropped);
        Values.CopyWeights(layer, kept);
        Scale(dropped.Parameters[1], 0);
        Scale(kept.Parameters[1], 2);
        Tensor<float> x = Values.Random(13, 64, 3, 2);
        float[] got = Values.Numbers(layer.Apply(new CallContext(training: true).Constant(x)));
        float[] without = Values.Numbers(dropped.Apply(_context.Constant(x))), with = Values.Numbers(kept.Apply(_context.Constant(x)));
        int drops = 0;
        for (int sample = 0; sample < 64; sample++)
        {
            bool isDropped = Math.Abs(got[sample] - without[sample]) < 1e-6;
            Assert.True(isDropped || Math.Abs(got[sample] - with[sample]) < 1e-6, $"sample {sample}: {got[sample]}, dropped {without[sample]}, kept {with[sample]}");
            drops += isDropped ? 1 : 0;
        }
        // 64 draws of probability 1/2: five standard deviations are 20.
        Assert.InRange(drops, 12, 52);
        Assert.Equal(got.Length, Values.Numbers(layer.Apply(_context.Constant(x))).Length);
    }

    private static void Scale(Parameter weight, float factor)
    {
        foreach (ref float value in weight.Value.AsSpan())
            value *= factor;
    }

    private static RecurrentLayer Make(
        string kind, bool sequences = false, bool state = false, bool backwards = false, bool stateful = false, int units = 4) => kind switch
        {
            "LSTM" => new LSTM(units) { ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful },
            "GRU" => new GRU(units) { ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful },
            "GRU before" => new GRU(units) { ResetAfter = false, ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful },
            "SimpleRNN" => new SimpleRNN(units) { ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful },
            _ => new RNN(new SimpleRNNCell(units)) { ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful },
        };

    private static void Mentions(Action action, params string[] words)
    {
        string message = Assert.Throws<ArgumentException>(action).Message;
        Assert.All(words, word => Assert.Contains(word, message));
    }

    private Variable Constant(int seed, params ReadOnlySpan<int> shape) => _context.Constant(Values.Random(seed, shape));

    // s' = k s + x, output 2 s'.
    private sealed class LeakyIntegrator : RecurrentCell
    {
        private Parameter? _keep;

        public override IReadOnlyList<int> StateSizes => [2];

        public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
        {
            Variable next = states[0] * _keep! + x;
            return (next * 2f, [next]);
        }

        protected override void Build(IReadOnlyList<SymbolicShape> inputShapes) => _keep = AddWeight("keep", [2], new Ones());
    }
}
