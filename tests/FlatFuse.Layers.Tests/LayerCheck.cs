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
        Variable? mask = row.Inputs[0].Length > 2 ? context.Constant(LastStepMasked(row.Inputs[0])) : null;
        LayerValue[] inputs = [.. values.Select((value, index) => new LayerValue(context.Constant(value), index == 0 ? mask : null))];
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

    private static Tensor<float> LastStepMasked(int[] shape)
    {
        Tensor<float> mask = Tensor.Zeros<float>(shape[0], shape[1]);
        mask.AsSpan().Fill(1f);
        mask[0, shape[1] - 1] = 0f;
        return mask;
    }
}
