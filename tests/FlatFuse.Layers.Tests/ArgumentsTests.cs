using System.Text.Json.Nodes;
using FlatFuse.Kernels;

namespace FlatFuse.Layers.Tests;

/// <summary>What a constructor or a file cannot mean is refused where it is said.</summary>
public sealed class ArgumentsTests
{
    [Fact]
    public void Sizes_below_one_are_refused_by_name()
    {
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0)), "Dense", "units", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(-3)), "LSTM", "units", "-3");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(0, 3)), "Conv1D", "filters", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(3, 0)), "kernelSize", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(3, 3) { Strides = 0 }), "strides", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPooling1D(0)), "poolSize", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 3)), "inputDim", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new RepeatVector(0)), "RepeatVector", "0");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => Input.Of([3, 0])), "(None, 3, 0)");
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Rates_outside_zero_to_one_are_refused(double rate)
    {
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(rate)), "rate", rate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(3) { Dropout = rate });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LSTM(3) { RecurrentDropout = rate });
    }

    [Fact]
    public void Sizes_that_no_tensor_has_are_refused_in_words()
    {
        const int Most = int.MaxValue;
        TooLarge(new Conv1D(1, 3) { DilationRate = Most }, [null, 9, 1], "span", "dilation rate 2147483647");
        TooLarge(new Conv1D(1, 3) { DilationRate = Most, Padding = Padding.Same }, [null, 9, 1], "span");
        TooLarge(new Conv2D(1, (1, 3)) { DilationRate = (1, Most) }, [null, 9, 9, 1], "columns", "2147483647");
        TooLarge(new DepthwiseConv1D(1) { DepthMultiplier = Most }, [null, 9, 2], "channels of the output", "4294967294");
        TooLarge(new SeparableConv1D(1, 1) { DepthMultiplier = Most }, [null, 9, 2], "depthwise_kernel (1, 2, 2147483647)");
        TooLarge(new Flatten(), [null, 70_000, 70_000], "(None, 70000, 70000)", "4900000000");
        TooLarge(new Flatten(), [null, Most, Most, Most], "too large");
        TooLarge(new Reshape([-1, 2]), [null, 70_000, 70_000], "4900000000");
        TooLarge(new UpSampling1D(Most), [null, 3, 1], "steps of the output", "6442450941");
        TooLarge(new ZeroPadding1D(Most, Most), [null, 3, 1], "steps of the output");
        TooLarge(new LSTM(1 << 30), [null, 3, 1], "4 · units");
        TooLarge(new Dense(70_000), [null, 70_000], "kernel (70000, 70000)", "2147483647");
        Mentions(Assert.Throws<ArgumentException>(() => new Cropping1D(Most, Most).InferShapes([new SymbolicShape(null, 3, 1)])), "leaves nothing");
        Mentions(Assert.Throws<ArgumentException>(() => new Reshape([Most, Most, Most])), "Reshape", "(2147483647, 2147483647, 2147483647)");
        var state = new SymbolicShape(null, 1 << 30);
        Mentions(Assert.Throws<ArgumentException>(() => new LSTMCell(1 << 30).InferShapes([new SymbolicShape(null, 1), state, state])), "4 · units", "4294967296");
        var wide = new SymbolicShape(null, Most);
        Mentions(Assert.Throws<ArgumentException>(() => new Concatenate().InferShapes([wide, wide])), "joined axis 1", "4294967294");
        Assert.Equal("(None, 1, 1)", new MaxPooling1D(1) { Strides = Most, Padding = Padding.Same }.InferShapes([new SymbolicShape(null, 3, 1)])[0].ToString());
        Assert.Equal("(None, 1, 1)", new Conv1D(1, 1) { Strides = Most, Padding = Padding.Causal }.InferShapes([new SymbolicShape(null, 3, 1)])[0].ToString());

        static void TooLarge(Layer layer, int?[] input, params string[] words)
        {
            Mentions(Assert.Throws<ArgumentException>(() => layer.InferShapes([new SymbolicShape(input)])), [layer.Name, .. words]);
            Assert.Empty(layer.Parameters);
        }
    }

    [Fact]
    public void A_vocabulary_beyond_the_whole_numbers_of_float32_is_refused()
    {
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(20_000_000, 1)), "Embedding", "20000000", "16777217", "float32");
        Assert.Equal(16_777_217, new Embedding(16_777_217, 1).InputDim);
    }

    [Fact]
    public void A_target_shape_has_at_most_one_unknown_size()
    {
        Mentions(Assert.Throws<ArgumentException>(() => new Reshape([-1, -1])), "Reshape", "-1");
        Mentions(Assert.Throws<ArgumentException>(() => new Reshape([0, 3])), "Reshape", "(0, 3)");
        Mentions(Assert.Throws<ArgumentException>(() => new Reshape([4, 2]).InferShapes([new SymbolicShape(null, 6)])), "(None, 6)", "6", "(4, 2)", "8");
    }

    [Fact]
    public void Orders_axes_and_paddings_that_do_not_exist_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Permute(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Concatenate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Softmax(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Softmax(1, 0));
        Mentions(Assert.Throws<ArgumentException>(() => new Softmax(1, -1).InferShapes([new SymbolicShape(null, 3)])), "axes (1, -1)", "(None, 3)");
        Assert.Throws<ArgumentException>(() => new MaxPooling1D { Padding = Padding.Causal });
        Mentions(Assert.Throws<ArgumentException>(() => new Conv1D(1, 1) { Padding = (Padding)7 }), "Conv1D", "padding 7", "valid, same or causal");
        Mentions(Assert.Throws<ArgumentException>(() => new Concatenate(3).InferShapes([new SymbolicShape(null, 3), new SymbolicShape(null, 3)])), "axis 3");
    }

    [Fact]
    public void Strides_and_dilation_together_are_refused()
        => Mentions(
            Assert.Throws<ArgumentException>(() => new Conv1D(3, 2) { Strides = 2, DilationRate = 2 }.InferShapes([new SymbolicShape(null, 8, 3)])),
            "strides 2", "dilation rate 2");

    [Fact]
    public void Gates_take_element_wise_activations_only()
        => Mentions(
            Assert.Throws<ArgumentException>(() => new LSTM(3) { RecurrentActivation = Activation.Softmax }.InferShapes([new SymbolicShape(null, 8, 3)])),
            "LSTM", "softmax");

    [Fact]
    public void A_layer_that_is_built_refuses_another_width()
    {
        var dense = new Dense(3);
        dense.InferShapes([new SymbolicShape(null, 4)]);
        Mentions(Assert.Throws<ArgumentException>(() => dense.InferShapes([new SymbolicShape(null, 5)])), "(4, 3)", "(None, 5)");
    }

    [Fact]
    public void Unknown_sizes_stay_unknown()
    {
        Assert.Equal("(None, None)", new Flatten().InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None, 3)", new Reshape([-1, 3]).InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None, 8)", new LSTM(8) { ReturnSequences = true }.InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None, 4)", new Conv1D(4, 9).InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None, 3)", new MaxPooling1D().InferShapes([new SymbolicShape(null, null, 3)])[0].ToString());
        Assert.Equal("(None, None)", new Concatenate().InferShapes([new SymbolicShape(null, null), new SymbolicShape(null, 3)])[0].ToString());
    }

    [Fact]
    public void Inputs_convert_to_placeholders_of_their_shape_and_type()
    {
        Input ids = Input.Of([null], name: "ids", dtype: DType.Int32, batchSize: 4);
        SymbolicTensor placeholder = ids;
        Assert.Equal("(4, None)", placeholder.Shape.ToString());
        Assert.Equal(DType.Int32, placeholder.DType);
        Assert.Same(ids, placeholder.Layer);
        Assert.Equal("input_layer", Input.Of([3]).Name);
        Assert.Equal("(None, 3, 5)", new Embedding(10, 5).Apply(Input.Of([3], dtype: DType.Int32)).Shape.ToString());
    }

    [Fact]
    public void Default_names_are_those_of_Keras()
    {
        string[] names = [.. new Layer[]
        {
            Input.Of([3]), new Dense(1), new LSTM(1), new Conv1D(1, 1), new MaxPooling1D(), new GlobalAveragePooling1D(), new ReLU(), new LeakyReLU(), new ELU(),
            new UpSampling1D(), new ZeroPadding1D(), new Cropping1D(), new TimeDistributed(new Dense(1)), new RepeatVector(1), new Concatenate(),
        }.Select(layer => layer.Name)];
        string[] keras =
        [
            "input_layer", "dense", "lstm", "conv1d", "max_pooling1d", "global_average_pooling1d", "re_lu", "leaky_re_lu", "elu",
            "up_sampling1d", "zero_padding1d", "cropping1d", "time_distributed", "repeat_vector", "concatenate",
        ];
        Assert.Equal(keras, names);
    }

    [Fact]
    public void Activations_go_by_the_names_of_Keras()
    {
        Assert.Same(Activation.SiLU, ActivationFunction.FromName("swish"));
        Assert.Same(Activation.HardSigmoid, ActivationFunction.FromName("hard_sigmoid"));
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
            Assert.Equal(kind, ActivationFunction.Of(kind).Kind);
        Mentions(Assert.Throws<ArgumentException>(() => ActivationFunction.FromName("reluu")), "reluu", "relu6");
        foreach (string name in (string[])["celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink"])
            Assert.Equal(name, ActivationFunction.FromName(name).Name);
    }

    [Fact]
    public void A_threshold_carries_its_numbers_into_files_and_out_of_them()
    {
        var dense = new Dense(2, Activation.Threshold(0.25, -3));
        var config = new LayerConfig([]);
        dense.WriteConfig(config);
        Assert.Equal("{\"class_name\":\"threshold\",\"config\":{\"threshold\":0.25,\"default_value\":-3}}", config.Json["activation"]!.ToJsonString());
        Assert.Equal("threshold(0.25, -3)", Dense.FromConfig(config).Activation.ToString());
        Mentions(Assert.Throws<ArgumentException>(() => ActivationFunction.FromName("threshold")), "Activation.Threshold(threshold, defaultValue)");
        Assert.Equal("mish", ((Dense)Read("""{"class_name":"Dense","config":{"units":2,"activation":{"module":"builtins","class_name":"function","config":"mish","registered_name":"function"}}}""")).Activation.Name);
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Activation","config":{"activation":{"class_name":"threshold","config":{"threshold":1}}}}""")), "'default_value' is missing");
        Mentions(Assert.Throws<ArgumentOutOfRangeException>(() => Activation.Threshold(double.NaN, 0)), "threshold is NaN");
        Mentions(Assert.Throws<ArgumentException>(() => new LSTM(2) { Activation = Activation.Threshold(0, 0) }.Apply(Input.Of([3, 2]))), "threshold", "recurrent kernel");
    }

    [Fact]
    public void GLU_is_refused_where_the_output_has_a_shape_of_its_own()
    {
        Mentions(Assert.Throws<ArgumentException>(() => new Dense(4, Activation.GLU)), "Dense", "glu", "new Activation(Activation.GLU)");
        Mentions(Assert.Throws<ArgumentException>(() => new Conv1D(4, 3) { Activation = Activation.GLU }), "Conv1D", "glu");
        Mentions(Assert.Throws<ArgumentException>(() => new Conv2D(4, 3, Activation.GLU)), "Conv2D", "glu");
        Mentions(Assert.Throws<ArgumentException>(() => new LSTMCell(4) { Activation = Activation.GLU }), "LSTMCell", "glu");
    }

    [Fact]
    public void Files_with_unknown_words_are_refused_with_the_words_that_are_known()
    {
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dnse","config":{"name":"d"}}""")), "'Dnse'", "'d'", "Dense");
        Mentions(Assert.Throws<ArgumentException>(() => Read("""{"class_name":"Conv1D","config":{"filters":2,"kernel_size":[3],"padding":"full"}}""")), "full", "valid");
        Mentions(Assert.Throws<ArgumentException>(() => Read("""{"class_name":"Dense","config":{"units":2,"activation":"reluu"}}""")), "reluu");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"name":"d"}}""")), "units", "'d'");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"units":"two"}}""")), "units", "two", "number");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"units":1e12}}""")), "units", "1e12", "whole number");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"units":2.7}}""")), "units", "2.7", "whole number");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Conv1D","config":{"filters":2,"kernel_size":[2.5]}}""")), "kernel_size", "2.5");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Reshape","config":{"target_shape":[3000000000]}}""")), "target_shape", "3000000000");
        Assert.Equal(2, ((Dense)Read("""{"class_name":"Dense","config":{"units":2.0}}""")).Units);
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"units":2,"use_bias":1}}""")), "use_bias", "true or false");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Flatten","config":{"data_format":3}}""")), "data_format", "text");
        Mentions(Assert.Throws<InvalidDataException>(() => Read("""{"class_name":"Dense","config":{"name":"d","units":2,"kernel_regularizer":{"class_name":"L3","config":{"l3":0.1}}}}""")), "L3", "L1L2");
    }

    [Fact]
    public void Missing_keys_have_the_defaults_of_Keras()
    {
        var dense = (Dense)Read("""{"class_name":"Dense","config":{"units":2}}""");
        Assert.True(dense.UseBias);
        Assert.Same(Activation.Linear, dense.Activation);
        var lstm = (LSTM)Read("""{"class_name":"LSTM","config":{"units":2}}""");
        Assert.Same(Activation.Sigmoid, lstm.RecurrentActivation);
        Assert.IsType<Orthogonal>(lstm.RecurrentInitializer);
        Assert.Equal(2, ((MaxPooling1D)Read("""{"class_name":"MaxPooling1D","config":{}}""")).PoolSize);
        Assert.False(Read("""{"class_name":"Dense","config":{"units":2,"trainable":false}}""").Trainable);
    }

    [Fact]
    public void Initializers_that_are_not_the_default_are_saved()
    {
        string text = LayerRegistry.Write(new Dense(2) { KernelInitializer = new HeNormal() }).ToJsonString();
        Assert.Contains("HeNormal", text);
        Assert.DoesNotContain("bias_initializer", text);
        Assert.IsType<HeNormal>(((Dense)Read(text)).KernelInitializer);
    }

    [Fact]
    public void A_configuration_in_memory_reads_like_one_from_text()
    {
        Layer read = LayerRegistry.Read(LayerRegistry.Write(new Conv1D(4, 3) { Strides = 2 }));
        Assert.Equal((4, 3, 2), (((Conv1D)read).Filters, ((Conv1D)read).KernelSize, ((Conv1D)read).Strides));
    }

    private static Layer Read(string json) => LayerRegistry.Read((JsonObject)JsonNode.Parse(json)!);

    private static void Mentions(Exception error, params string[] words)
    {
        foreach (string word in words)
            Assert.Contains(word, error.Message);
    }
}
