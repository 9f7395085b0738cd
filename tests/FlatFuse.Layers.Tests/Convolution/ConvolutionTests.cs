using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>Laws between the convolution and pooling layers, their arguments, and what Keras's files say about them.</summary>
public sealed class ConvolutionTests
{
    private readonly CallContext _context = new();

    [Fact]
    public void Conv2D_over_one_row_is_Conv1D()
    {
        foreach (Padding padding in (Padding[])[Padding.Valid, Padding.Same])
        {
            Conv2D image = LayerCheck.Built(new Conv2D(5, (1, 3)) { Padding = padding, Activation = Activation.Tanh }, [2, 1, 7, 4]);
            Conv1D line = LayerCheck.Built(new Conv1D(5, 3) { Padding = padding, Activation = Activation.Tanh }, [2, 7, 4]);
            line.Parameters[0].Assign(image.Parameters[0].Value.Reshape(3, 4, 5));
            Variable x = Constant(1, 2, 7, 4);
            Variable y = line.Apply(x);
            Values.Near(VariableOps.Reshape(y, 2, 1, y.Shape[1], 5), image.Apply(VariableOps.Reshape(x, 2, 1, 7, 4)));
        }
    }

    [Fact]
    public void Conv2D_channels_first_is_channels_last_between_two_permutations()
    {
        Conv2D last = LayerCheck.Built(new Conv2D(3, (2, 3)) { Strides = 2 }, [2, 5, 6, 4]);
        Conv2D first = LayerCheck.Built(new Conv2D(3, (2, 3)) { Strides = 2, DataFormat = DataFormat.ChannelsFirst }, [2, 4, 5, 6]);
        Values.CopyWeights(last, first);
        Variable x = Constant(2, 2, 5, 6, 4);
        Values.Near(last.Apply(x), new Permute(2, 3, 1).Apply(first.Apply(new Permute(3, 1, 2).Apply(x))));
    }

    [Fact]
    public void Conv2D_in_groups_is_a_convolution_of_each_part_of_the_channels()
    {
        Conv2D grouped = LayerCheck.Built(new Conv2D(6, 2) { Groups = 2 }, [2, 4, 5, 4]);
        Variable x = Constant(3, 2, 4, 5, 4);
        var halves = new Variable[2];
        for (int group = 0; group < 2; group++)
        {
            Conv2D half = LayerCheck.Built(new Conv2D(3, 2), [2, 4, 5, 2]);
            half.Parameters[0].Assign(grouped.Parameters[0].Value[.., .., .., (3 * group)..(3 * group + 3)].Clone());
            halves[group] = half.Apply(VariableOps.Slice(x, 3, 2 * group, 2));
        }
        Values.Near(VariableOps.Concatenate(halves, 3), grouped.Apply(x));
    }

    [Fact]
    public void DepthwiseConv1D_is_Conv1D_with_as_many_groups_as_channels()
    {
        DepthwiseConv1D depthwise = LayerCheck.Built(new DepthwiseConv1D(3) { DepthMultiplier = 2, DilationRate = 2 }, [2, 9, 4]);
        Conv1D grouped = LayerCheck.Built(new Conv1D(8, 3) { Groups = 4, DilationRate = 2 }, [2, 9, 4]);
        // (k, channels, multiplier) and (k, channels / groups = 1, filters) hold the same numbers in the same order.
        grouped.Parameters[0].Assign(depthwise.Parameters[0].Value.Reshape(3, 1, 8));
        Variable x = Constant(4, 2, 9, 4);
        Values.Near(grouped.Apply(x), depthwise.Apply(x));
    }

    [Fact]
    public void SeparableConv1D_is_a_depthwise_convolution_and_a_Dense()
    {
        SeparableConv1D separable = LayerCheck.Built(new SeparableConv1D(5, 3) { DepthMultiplier = 2, Strides = 2 }, [2, 9, 4]);
        DepthwiseConv1D depthwise = LayerCheck.Built(new DepthwiseConv1D(3) { DepthMultiplier = 2, Strides = 2, UseBias = false }, [2, 9, 4]);
        Dense mix = LayerCheck.Built(new Dense(5), [2, 4, 8]);
        depthwise.Parameters[0].Assign(separable.Parameters[0].Value);
        mix.Parameters[0].Assign(separable.Parameters[1].Value.Reshape(8, 5));
        Variable x = Constant(5, 2, 9, 4);
        Values.Near(mix.Apply(depthwise.Apply(x)), separable.Apply(x));
    }

    [Theory]
    [InlineData(1, 1, Padding.Valid)]
    [InlineData(2, 1, Padding.Valid)]
    [InlineData(1, 2, Padding.Same)]
    [InlineData(3, 1, Padding.Same)]
    public void Conv1DTranspose_is_the_transpose_of_Conv1D(int strides, int dilation, Padding padding)
    {
        // <conv(a), b> = <a, transpose(b)> where no window leaves steps over: a has as many steps as the transposed convolution gives.
        Conv1DTranspose transpose = LayerCheck.Built(new Conv1DTranspose(3, 3) { Strides = strides, DilationRate = dilation, Padding = padding }, [2, 4, 2]);
        Variable b = Constant(6, 2, 4, 2);
        Variable given = transpose.Apply(b);
        Conv1D conv = LayerCheck.Built(new Conv1D(2, 3) { Strides = strides, DilationRate = dilation, Padding = padding }, given.Shape.ToArray());
        conv.Parameters[0].Assign(transpose.Parameters[0].Value);
        Variable a = Constant(7, given.Shape.ToArray());
        Values.Near(VariableOps.Sum(conv.Apply(a) * b), VariableOps.Sum(a * given));
    }

    [Theory]
    [InlineData(4, 2, 1, Padding.Valid, null, 10)]
    [InlineData(2, 3, 1, Padding.Valid, null, 12)]
    [InlineData(3, 2, 1, Padding.Valid, 1, 10)]
    [InlineData(3, 2, 1, Padding.Same, null, 8)]
    [InlineData(3, 2, 1, Padding.Same, 0, 7)]
    [InlineData(4, 2, 1, Padding.Same, 1, 7)]
    [InlineData(3, 1, 4, Padding.Valid, null, 12)]
    public void The_length_of_a_transposed_convolution_is_that_of_Keras(int kernel, int strides, int dilation, Padding padding, int? extra, int length)
    {
        var layer = new Conv1DTranspose(1, kernel) { Strides = strides, DilationRate = dilation, Padding = padding, OutputPadding = extra };
        Assert.Equal(length, LayerCheck.Built(layer, [1, 4, 2]).Apply(Constant(8, 1, 4, 2)).Shape[1]);
        Assert.Equal(length, layer.InferShapes([new SymbolicShape(null, 4, 2)])[0][1]);
    }

    [Fact]
    public void Average_pooling_divides_by_the_real_entries()
    {
        Variable x = _context.Constant(Tensor.From<float>([1, 2, 3, 4, 5], 1, 5, 1));
        Assert.Equal([1.5f, 3, 4.5f], new AveragePooling1D(3) { Strides = 2, Padding = Padding.Same }.Apply(x).Value.ToArray());
        Variable image = VariableOps.Reshape(_context.Constant(Tensor.From<float>([1, 2, 3, 4, 5, 6, 7, 8, 9], 1, 9)), 1, 3, 3, 1);
        Assert.Equal([3f, 4.5f, 7.5f, 9f], new AveragePooling2D { Padding = Padding.Same }.Apply(image).Value.ToArray());
        Assert.Equal([5f, 6, 8, 9], new MaxPooling2D(2) { Strides = 1 }.Apply(image).Value.ToArray());
        Assert.Equal([5f], new GlobalAveragePooling2D().Apply(image).Value.ToArray());
        Assert.Equal([9f], new GlobalMaxPooling2D().Apply(image).Value.ToArray());
    }

    [Fact]
    public void Average_pooling_gives_each_real_entry_its_share_of_the_gradient()
    {
        Variable x = _context.Leaf(Tensor.From<float>([1, 2, 3, 4, 5], 1, 5, 1));
        VariableOps.Sum(new AveragePooling1D(3) { Strides = 2, Padding = Padding.Same }.Apply(x)).Backward();
        Assert.Equal([1 / 2f, (1 / 2f) + (1 / 3f), 1 / 3f, (1 / 3f) + (1 / 2f), 1 / 2f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Sizes_below_one_and_causal_padding_are_refused_where_the_layer_is_set()
    {
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(3, (2, 0))), "Conv2D", "kernelSize", "(2, 0)");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(3, 2) { Strides = (0, 1) }), "Conv2D", "strides", "(0, 1)");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(3, 2) { DilationRate = -1 }), "Conv2D", "dilationRate", "(-1, -1)");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPooling2D(0)), "MaxPooling2D", "poolSize");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePooling1D(2) { Strides = 0 }), "AveragePooling1D", "strides", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new DepthwiseConv1D(2) { DepthMultiplier = 0 }), "DepthwiseConv1D", "depthMultiplier", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new SeparableConv1D(0, 2)), "SeparableConv1D", "filters", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1DTranspose(2, 2) { OutputPadding = -1 }), "Conv1DTranspose", "outputPadding", "-1");
        Mentions(Assert.Throws<ArgumentException>(() => new Conv2D(3, 2) { Padding = Padding.Causal }), "Conv2D", "causal", "valid or same");
        Mentions(Assert.Throws<ArgumentException>(() => new Conv1DTranspose(3, 2) { Padding = Padding.Causal }), "Conv1DTranspose", "causal");
        Mentions(Assert.Throws<ArgumentException>(() => new AveragePooling1D { Padding = Padding.Causal }), "AveragePooling1D", "causal");
        Assert.Equal(Padding.Causal, new Conv1D(1, 2) { Padding = Padding.Causal }.Padding);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused_when_shapes_are_inferred()
    {
        Mentions(Assert.Throws<ArgumentException>(() => new Conv2D(3, 2) { Strides = 2, DilationRate = (1, 2) }.InferShapes([new SymbolicShape(null, 8, 8, 3)])), "(2, 2)", "(1, 2)");
        Mentions(Assert.Throws<ArgumentException>(() => new DepthwiseConv1D(2) { Strides = 2, DilationRate = 2 }.InferShapes([new SymbolicShape(null, 8, 3)])), "strides 2", "dilation rate 2");
        Mentions(
            Assert.Throws<ArgumentException>(() => new Conv2D(3, 2) { Activation = Activation.Softmax, DataFormat = DataFormat.ChannelsFirst }.InferShapes([new SymbolicShape(null, 3, 8, 8)])),
            "softmax", "last axis");
        Mentions(Assert.Throws<ArgumentException>(() => new Conv1DTranspose(3, 2) { Strides = 2, OutputPadding = 2 }.InferShapes([new SymbolicShape(null, 8, 3)])), "output padding 2", "strides 2");
        Mentions(Assert.Throws<ArgumentException>(() => new GlobalMaxPooling2D().InferShapes([new SymbolicShape(null, 0, 8, 3)])), "no entry");
    }

    [Fact]
    public void A_built_layer_refuses_inputs_of_another_width()
    {
        Mentions(Assert.Throws<ArgumentException>(() => LayerCheck.Built(new Conv2D(3, 2), [2, 4, 4, 2]).InferShapes([new SymbolicShape(null, 4, 4, 3)])), "(2, 2, 2, 3)", "2 channels", "(None, 4, 4, 3)");
        Mentions(Assert.Throws<ArgumentException>(() => LayerCheck.Built(new DepthwiseConv1D(2), [2, 4, 2]).InferShapes([new SymbolicShape(null, 4, 3)])), "2 channels", "(None, 4, 3)");
        Mentions(Assert.Throws<ArgumentException>(() => LayerCheck.Built(new SeparableConv1D(3, 2), [2, 4, 2]).InferShapes([new SymbolicShape(null, 4, 3)])), "2 channels", "(None, 4, 3)");
        Mentions(Assert.Throws<ArgumentException>(() => LayerCheck.Built(new Conv1DTranspose(3, 2), [2, 4, 2]).InferShapes([new SymbolicShape(null, 4, 3)])), "2 channels", "(None, 4, 3)");
    }

    [Fact]
    public void Unknown_sizes_stay_unknown()
    {
        Assert.Equal("(None, None, 9, 4)", new Conv2D(4, 2).InferShapes([new SymbolicShape(null, null, 10, 3)])[0].ToString());
        Assert.Equal("(None, None, 5, 3)", new MaxPooling2D().InferShapes([new SymbolicShape(null, null, 10, 3)])[0].ToString());
        Assert.Equal("(None, None, 4)", new Conv1DTranspose(4, 2).InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None, 6)", new DepthwiseConv1D(2) { DepthMultiplier = 2 }.InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
    }

    [Fact]
    public void Files_may_write_one_number_for_both_axes_and_leave_defaults_out()
    {
        var conv = (Conv2D)Read("""{"class_name":"Conv2D","config":{"filters":2,"kernel_size":3,"strides":[2,1]}}""");
        Assert.Equal((new Size2D(3, 3), new Size2D(2, 1), new Size2D(1, 1), 1), (conv.KernelSize, conv.Strides, conv.DilationRate, conv.Groups));
        var pool = (MaxPooling2D)Read("""{"class_name":"MaxPooling2D","config":{}}""");
        Assert.Equal((new Size2D(2, 2), null), (pool.PoolSize, pool.Strides));
        var transpose = (Conv1DTranspose)Read("""{"class_name":"Conv1DTranspose","config":{"filters":2,"kernel_size":[3],"output_padding":null}}""");
        Assert.Null(transpose.OutputPadding);
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Conv2D","config":{"filters":2}}""")), "kernel_size");
        Mentions(Assert.Throws<ArgumentException>(() => Read("""{"class_name":"Conv2D","config":{"filters":2,"kernel_size":3,"padding":"causal"}}""")), "causal", "valid or same");
    }

    private static Layer Read(string json) => LayerRegistry.Read((JsonObject)JsonNode.Parse(json)!);

    private static void Mentions(Exception error, params string[] texts)
    {
        foreach (string text in texts)
            Assert.Contains(text, error.Message);
    }

    private Variable Constant(int seed, params int[] shape) => _context.Constant(Values.Random(seed, shape));
}
