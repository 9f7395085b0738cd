using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>What must hold for every layer, checked on a row of <see cref="LayerCases"/>.</summary>
public static class LayerCheck
{
    /// <summary>The symbolic shape with an unknown batch, with the known one, and the shape of real values agree with the row.</summary>
    public static void OutputShape(LayerCase row)
    {
        Layer layer = row.Make();
        SymbolicShape[] inputs = [.. row.Inputs.Select(shape => SymbolicShape.Of(shape).With(0, null))];
        Assert.Equal(SymbolicShape.Of(row.Output).With(0, null), layer.InferShapes(inputs)[0]);

        var context = new CallContext();
        Assert.Equal(row.Output, Output(layer, row.Values(), context).Shape.ToArray());
    }

    /// <summary>The weights have as many entries as the row says.</summary>
    public static void ParameterCount(LayerCase row) => Assert.Equal(row.Parameters, Weights(Built(row)).Sum(weight => weight.Count));

    /// <summary>Gradients of inputs and weights agree with measured derivatives, in inference and in training.</summary>
    public static void Gradients(LayerCase row)
    {
        foreach (bool training in new[] { false, true })
        {
            Layer layer = Built(row);
            if (row.Ids > 0 && !row.Learns)
            {
                Assert.False(Output(layer, row.Values(), new CallContext(training: training)).RequiresGradient);
                continue;
            }
            var options = new GradientCheckOptions { Training = training, Parameters = [.. Weights(layer).Where(weight => weight.Trainable)], Allocator = new Arena(poison: true) };
            Tensor<float>[] values = row.Values();
            GradientCheck.Verify(
                (context, inputs) => layer.ApplyMany(row.Ids > 0 ? [context.Constant(values[0])] : [.. inputs])[0],
                row.Ids > 0 ? [] : values,
                options);
        }
    }

    /// <summary>Plain gradient descent on weights and inputs lowers a squared loss.</summary>
    public static void Descent(LayerCase row)
    {
        const float Rate = 0.05f;
        Layer layer = Built(row);
        Tensor<float>[] values = row.Values();
        double first = 0, last = 0;
        for (int step = 0; step < 8; step++)
        {
            var context = new CallContext(training: true);
            Variable[] inputs = [.. values.Select(value => row.Ids > 0 ? context.Constant(value) : context.Leaf(value))];
            Variable output = layer.ApplyMany(inputs)[0];
            Variable loss = VariableOps.Sum(VariableOps.Square(output - 0.3f));
            if (loss.RequiresGradient)
                loss.Backward();
            last = loss.Value.AsSpan()[0];
            first = step == 0 ? last : first;
            foreach (Variable variable in inputs.Concat(Weights(layer)).Where(variable => variable.RequiresGradient))
            {
                for (int i = 0; i < variable.Value.Count; i++)
                    variable.Value.AsSpan()[i] -= Rate * variable.Gradient!.AsSpan()[i];
            }
        }
        Assert.True(row.Learns ? last < first : last == first, $"{row.Name}: the loss went from {first} to {last}.");
    }

    /// <summary>Samples in another order give the outputs in that order: no sample sees another, outside training.</summary>
    public static void BatchPermutation(LayerCase row)
    {
        Layer layer = Built(row);
        Tensor<float>[] values = row.Values();
        int batch = row.Output[0];
        Variable want = Output(layer, values, new CallContext());
        Variable got = Output(layer, [.. values.Select(value => value.Flip(0).Clone())], new CallContext());
        Assert.All(values, value => Assert.Equal(batch, value.Shape[0]));
        Values.Near(want.Context!.Constant(want.Value.Flip(0).Clone()), got);
    }

    /// <summary>No samples give no output, and weights whose gradient is zero.</summary>
    public static void EmptyBatch(LayerCase row)
    {
        foreach (bool training in new[] { false, true })
        {
            Layer layer = Built(row);
            var context = new CallContext(new Arena(poison: true), training: training);
            Tensor<float>[] values = [.. row.Inputs.Select(shape => Tensor.Zeros<float>([0, .. shape[1..]]))];
            Variable[] inputs = [.. values.Select(value => row.Ids > 0 ? context.Constant(value) : context.Leaf(value))];
            Variable output = layer.ApplyMany(inputs)[0];
            Assert.Equal([0, .. row.Output[1..]], output.Shape.ToArray());
            if (!output.RequiresGradient)
                continue;
            output.Backward(Tensor.Zeros<float>(output.Shape));
            foreach (Parameter weight in Weights(layer).Where(weight => weight.Trainable))
                Assert.All(weight.Gradient!.ToArray(), number => Assert.Equal(0f, number));
        }
    }

    /// <summary>What is written is read again as the same layer: same text, same bits out.</summary>
    public static void RoundTrip(LayerCase row)
    {
        Layer layer = Built(row);
        if (!row.Saves)
        {
            Assert.Contains(layer.Name, Assert.Throws<NotSupportedException>(() => LayerRegistry.Write(layer)).Message);
            return;
        }
        string written = LayerRegistry.Write(layer).ToJsonString();
        Layer read = LayerRegistry.Read((JsonObject)JsonNode.Parse(written)!);
        Assert.Equal(written, LayerRegistry.Write(read).ToJsonString());
        Assert.Equal(layer.Name, read.Name);
        Assert.IsType(layer.GetType(), read);

        read.InferShapes([.. row.Inputs.Select(shape => SymbolicShape.Of(shape).With(0, null))]);
        foreach ((Parameter from, Parameter to) in Weights(layer).Zip(Weights(read)))
            to.Assign(from.Value);
        Tensor<float> want = Output(layer, row.Values(), new CallContext(training: true)).Value, got = Output(read, row.Values(), new CallContext(training: true)).Value;
        Assert.Equal(want.Clone().AsSpan().ToArray(), got.Clone().AsSpan().ToArray());
    }

    /// <summary>A call recorded before the weights moved into their home shows, replayed, what they are worth there.</summary>
    public static void MovedWeights(LayerCase row)
    {
        foreach (bool training in new[] { false, true })
        {
            Layer layer = Built(row);
            var recorded = new CallContext(training: training) { Tape = new Tape() };
            Variable replayed = Output(layer, row.Values(), recorded);
            foreach (Parameter weight in Weights(layer))
            {
                float[] stale = weight.Value.AsSpan().ToArray();
                Tensor<float> before = weight.Value;
                weight.MoveTo(new ParameterStore(weight.Count), 0);
                before.AsSpan().Fill(float.NaN);
                for (int i = 0; i < stale.Length; i++)
                    weight.Value.AsSpan()[i] = 0.75f * stale[i] + 0.125f;
            }
            float[] want = Values.Numbers(Output(layer, row.Values(), new CallContext(training: training)));
            recorded.Tape.Replay();
            Assert.Equal(want, Values.Numbers(replayed));
        }
    }

    /// <summary>The mask of the first input goes where the row says.</summary>
    public static void Mask(LayerCase row)
    {
        Layer layer = Built(row);
        var context = new CallContext();
        Tensor<float>[] values = row.Values();
        Variable? mask = row.HasSteps ? context.Constant(MaskWithout(row.Inputs[0], row.Inputs[0][1] - 1)) : null;
        LayerValue[] inputs = Masked([.. values.Select(context.Constant)], mask);
        LayerValue output = layer.Invoke(inputs, context)[0];
        switch (row.Mask)
        {
            case MaskRule.Passes:
                Assert.Same(mask, output.Mask);
                break;
            case MaskRule.Drops:
                Assert.Null(output.Mask);
                break;
            case MaskRule.Makes:
                Assert.NotNull(output.Mask);
                Assert.NotSame(mask, output.Mask);
                Assert.Equal(row.Output[..2], output.Mask.Shape.ToArray());
                break;
        }
    }

    /// <summary>Gradients agree with measured derivatives when a mask lies over one of the inputs, in inference and in training.</summary>
    public static void MaskedGradients(LayerCase row)
    {
        if (row.Ids > 0)
            return;
        foreach (int masked in Enumerable.Range(0, row.Inputs.Length).Where(input => row.Inputs[input].Length > 2).Except(row.UnmeasuredMasks))
        {
            Tensor<float> mask = MaskWithout(row.Inputs[masked], row.Inputs[masked][1] - 1);
            foreach (bool training in new[] { false, true })
            {
                Layer layer = Built(row);
                GradientCheck.Verify(
                    (context, inputs) => layer.Invoke(Masked(inputs, context.Constant(mask), masked), context)[0].Variable,
                    row.Values(),
                    new GradientCheckOptions { Training = training, Parameters = [.. Weights(layer).Where(weight => weight.Trainable)], Allocator = new Arena(poison: true) });
            }
        }
    }

    /// <summary>A call recorded under one mask shows, replayed, what a fresh call gives under the mask that now stands there: output and mask.</summary>
    public static void ChangedMask(LayerCase row)
    {
        if (!row.HasSteps)
            return;
        foreach (bool training in new[] { false, true })
        {
            Tensor<float> mask = MaskWithout(row.Inputs[0], row.Inputs[0][1] - 1), other = MaskWithout(row.Inputs[0], 0);
            var recorded = new CallContext(training: training) { Tape = new Tape() };
            LayerValue replayed = Call(recorded, mask);
            mask.CopyFrom(other);
            recorded.Tape.Replay();
            LayerValue want = Call(new CallContext(training: training), other);
            Assert.Equal(Values.Numbers(want.Variable), Values.Numbers(replayed.Variable));
            Assert.Equal(want.Mask is null, replayed.Mask is null);
            if (want.Mask is { } expected)
                Assert.Equal(Values.Numbers(expected), Values.Numbers(replayed.Mask!));
        }

        LayerValue Call(CallContext context, Tensor<float> mask)
            => Built(row).Invoke(Masked([.. row.Values().Select(context.Constant)], context.Constant(mask)), context)[0];
    }

    /// <summary>Shapes that do not fit are refused before anything is computed, in words that help.</summary>
    public static void Refusal(LayerCase row)
    {
        Layer layer = row.Make();
        var error = Assert.Throws<ArgumentException>(() => layer.InferShapes([.. row.Refuses.Inputs.Select(shape => new SymbolicShape(shape))]));
        Assert.StartsWith($"Layer '{layer.Name}' ({layer.ClassName}): ", error.Message);
        foreach (string mention in row.Refuses.Mentions)
            Assert.Contains(mention, error.Message);
        Assert.Empty(layer.Parameters);
    }

    /// <summary>Values whose shapes do not fit are refused in the layer's words and before anything is computed, by a new layer and by one that is built.</summary>
    public static void RefusalOfValues(LayerCase row)
    {
        // An unknown size is refused only while it is unknown.
        if (row.Refuses.Inputs.Any(shape => shape.Skip(1).Contains(null)))
            return;
        foreach (Layer layer in new[] { row.Make(), Built(row) })
        {
            var context = new CallContext { Tape = new Tape() };
            Variable[] inputs = [.. row.Refuses.Inputs.Select(shape => context.Constant(Tensor.Zeros<float>([.. shape.Select(size => size ?? 2)])))];
            var error = Assert.Throws<ArgumentException>(() => layer.ApplyMany(inputs));
            Assert.StartsWith($"Layer '{layer.Name}' ({layer.ClassName}): ", error.Message);
            Assert.Equal(0, context.Tape.Count);
        }
    }

    /// <summary>The layer with its weights drawn.</summary>
    public static Layer Built(LayerCase row) => Built(row.Make(), row.Inputs);

    public static T Built<T>(T layer, params int[][] inputs)
        where T : Layer
    {
        layer.InferShapes([.. inputs.Select(shape => SymbolicShape.Of(shape).With(0, null))]);
        layer.DrawWeights(RandomKey.FromSeed(3), layer.Name);
        return layer;
    }

    public static IReadOnlyList<Parameter> Weights(Layer layer) => [.. layer.Parameters, .. layer.Sublayers.SelectMany(Weights)];

    public static Variable Output(Layer layer, Tensor<float>[] values, CallContext context)
        => layer.ApplyMany([.. values.Select(context.Constant)])[0];

    // Only one input has a mask.
    private static LayerValue[] Masked(IReadOnlyList<Variable> inputs, Variable? mask, int masked = 0)
        => [.. inputs.Select((input, index) => new LayerValue(input, index == masked ? mask : null))];

    // The first sample is without that step; a second one is complete.
    private static Tensor<float> MaskWithout(int[] shape, int step)
    {
        Tensor<float> mask = Tensor.Full(1f, shape[0], shape[1]);
        mask[0, step] = 0f;
        return mask;
    }
}
