using FlatFuse.Autograd;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Layers.Tests;

/// <summary>
/// Recurrent dropout in training, with every combination of options, against <see cref="SteppedRecurrence"/>: outputs, states, and the gradients of
/// weights and sequence against differences of the reference.
/// </summary>
public sealed class RecurrentDropoutTests
{
    private const int Batch = 3, Steps = 4, Features = 2, Units = 3;
    private const double Rate = 0.4;

    private static readonly Tensor<float> Mask = Values.Of([1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0], Batch, Steps);

    public static TheoryData<string, bool, bool, bool, bool> Options
    {
        get
        {
            var data = new TheoryData<string, bool, bool, bool, bool>();
            foreach (string kind in new[] { "LSTM", "GRU", "GRU before", "SimpleRNN" })
            {
                for (int bits = 0; bits < 16; bits++)
                    data.Add(kind, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_layer_agrees_with_its_equations(string kind, bool masked, bool backwards, bool sequences, bool stateful)
    {
        RecurrentLayer layer = LayerCheck.Built(Make(kind, sequences, backwards, stateful), [Batch, Steps, Features]);
        var states = new States(kind);
        // A stateful layer goes on where the first call ended, with factors of its own.
        for (int call = 0; call < (stateful ? 2 : 1); call++)
        {
            double[][] begun = states.Copy();
            var context = new CallContext(seed: 7 + call, training: true);
            Variable x = context.Leaf(Values.Random(3 + call, Batch, Steps, Features));
            IReadOnlyList<LayerValue> got = layer.Invoke([new LayerValue(x, masked ? context.Constant(Mask) : null)], context);
            double[] factors = Factors(7 + call, 0, layer.Name);
            double[] want = Reference(kind, Doubles(layer), Doubles(x), masked, states.Values, factors, backwards, sequences, zeros: false);
            Near(want, got[0].Variable);
            for (int i = 0; i < states.Values.Length; i++)
                Near(states.Values[i], got[i + 1].Variable);
            Tensor<float> dy = Values.Random(11, got[0].Variable.Shape);
            got[0].Variable.Backward(dy);
            Gradients(layer, x, dy, (weights, input) =>
            {
                double[][] state = [.. begun.Select(values => values.ToArray())];
                return Reference(kind, weights, input, masked, state, factors, backwards, sequences, zeros: false);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_pair_of_directions_agrees_with_its_equations(string kind, bool masked, bool layersState, bool sequences, bool stateful)
    {
        var both = LayerCheck.Built(new Bidirectional(Make(kind, sequences, backwards: false, stateful, layersState), MergeMode.None), [Batch, Steps, Features]);
        var forward = new States(kind);
        var backward = new States(kind);
        for (int call = 0; call < (stateful ? 2 : 1); call++)
        {
            var context = new CallContext(seed: 7 + call, training: true);
            Variable x = context.Constant(Values.Random(3 + call, Batch, Steps, Features));
            IReadOnlyList<LayerValue> got = both.Invoke([new LayerValue(x, masked ? context.Constant(Mask) : null)], context);
            double[] first = Reference(kind, Doubles(both.Forward), Doubles(x), masked, forward.Values, Factors(7 + call, 0, both.Name, both.Forward.Name), false, sequences, zeros: true);
            double[] second = Reference(kind, Doubles(both.Backward), Doubles(x), masked, backward.Values, Factors(7 + call, 1, both.Name, both.Backward.Name), true, sequences, zeros: true);
            Near(first, got[0].Variable);
            // Sequences of both directions come in the order of the steps.
            Near(second, sequences ? VariableOps.Flip(got[1].Variable, 1) : got[1].Variable);
            double[][] states = layersState ? [.. forward.Values, .. backward.Values] : [];
            Assert.Equal(2 + states.Length, got.Count);
            for (int i = 0; i < states.Length; i++)
                Near(states[i], got[i + 2].Variable);
        }
    }

    private static RecurrentLayer Make(string kind, bool sequences, bool backwards, bool stateful, bool state = true)
    {
        Initializer bias = new RandomUniform(-0.5, 0.5);
        return kind switch
        {
            "LSTM" => new LSTM(Units) { RecurrentDropout = Rate, ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful, BiasInitializer = bias },
            "SimpleRNN" => new SimpleRNN(Units) { RecurrentDropout = Rate, ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful, BiasInitializer = bias },
            _ => new GRU(Units) { ResetAfter = kind == "GRU", RecurrentDropout = Rate, ReturnSequences = sequences, ReturnState = state, GoBackwards = backwards, Stateful = stateful, BiasInitializer = bias },
        };
    }

    // Drawn as the layer draws them: the key of its scope, counted over the pass.
    private static double[] Factors(long seed, int earlierDraws, params string[] scopes)
    {
        var context = new CallContext(seed: seed, training: true);
        foreach (string scope in scopes)
            context.Enter(scope);
        for (int i = 0; i < earlierDraws; i++)
            context.DrawKey();
        return Doubles(VariableOps.Dropout(context.Constant(Tensor.Full(1f, Batch, Units)), Rate, context.DrawKey()));
    }

    private static double[] Reference(
        string kind, double[][] weights, double[] x, bool masked, double[][] states, double[] factors, bool backwards, bool sequences, bool zeros)
    {
        var recurrence = new SteppedRecurrence(kind, Units, Features) { Weights = weights };
        var output = new List<double>();
        for (int b = 0; b < Batch; b++)
        {
            bool[] isReal = [.. Enumerable.Range(0, Steps).Select(t => !masked || Mask[b, t] != 0f)];
            double[][] state = [.. states.Select(values => values[(b * Units)..((b + 1) * Units)])];
            double[][] outputs = recurrence.Run(x[(b * Steps * Features)..((b + 1) * Steps * Features)], isReal, state, factors[(b * Units)..((b + 1) * Units)], backwards, zeros && sequences);
            output.AddRange(sequences ? outputs.SelectMany(step => step) : outputs[^1]);
            for (int i = 0; i < state.Length; i++)
                state[i].CopyTo(states[i], b * Units);
        }
        return [.. output];
    }

    // Central differences of the reference in double: their own error is below 1e-8.
    private static void Gradients(Layer layer, Variable x, Tensor<float> dy, Func<double[][], double[], double[]> reference)
    {
        const double Step = 1e-5;
        double[] seeds = [.. dy.ToArray().Select(value => (double)value)], input = Doubles(x);
        double[][] weights = Doubles(layer);
        double Loss() => reference(weights, input).Zip(seeds, (y, seed) => y * seed).Sum();
        foreach ((double[] values, Tensor<float>? gradient) in weights.Zip(LayerCheck.Weights(layer).Select(weight => weight.Gradient)).Append((input, x.Gradient)))
        {
            float[] got = gradient!.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                values[i] = value + Step;
                double above = Loss();
                values[i] = value - Step;
                double below = Loss();
                values[i] = value;
                // float32 backward over four steps: a few dozen roundings of terms of size about 1.
                Assert.Equal((above - below) / (2 * Step), got[i], 2e-5);
            }
        }
    }

    private static double[][] Doubles(Layer layer) => [.. LayerCheck.Weights(layer).Select(Doubles)];

    private static double[] Doubles(Variable value) => [.. Values.Numbers(value).Select(number => (double)number)];

    private static void Near(double[] want, Variable got)
        => Assert.Null(Tolerance.FirstDifference(want, Values.Numbers(got), relative: 1e-5, absolute: 2e-6));

    private sealed class States(string kind)
    {
        public double[][] Values { get; } = kind == "LSTM" ? [new double[Batch * Units], new double[Batch * Units]] : [new double[Batch * Units]];

        public double[][] Copy() => [.. Values.Select(values => values.ToArray())];
    }
}
