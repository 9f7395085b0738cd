using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Saving;

/// <summary>Options that files give at a call of a layer.</summary>
public sealed class CallOptionTests
{
    [Theory]
    [InlineData("""[[["x", 0, 0, {"use_causal_mask": true}], ["x", 0, 0, {}]]]""")]
    [InlineData("""[{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], "kwargs": {"use_causal_mask": true, "training": null}}]""")]
    public void A_causal_mask_asked_for_at_the_call_is_used_and_saved(string calls)
    {
        Model model = Read("Attention", calls);
        Assert.True(IsCausal(model));
        Assert.True(IsCausal(Model.FromJson(model.ToJson())));
        Assert.True(IsCausal(Model.FromJson(model.ToJson(ArchitectureDialect.Keras3))));
    }

    [Theory]
    [InlineData(ArchitectureDialect.Keras2)]
    [InlineData(ArchitectureDialect.Keras3)]
    public void Count_weights_are_read_and_written(ArchitectureDialect dialect)
    {
        var ids = Input.Of([3], name: "ids", dtype: DType.Int32);
        var weights = Input.Of([3], name: "w");
        var model = new Model([ids, weights], [new CategoryEncoding(3, CategoryMode.Count).Apply(ids, weights)]);
        string json = model.ToJson(dialect);
        if (dialect == ArchitectureDialect.Keras3)
            Assert.Contains("count_weights", json);
        Model read = Model.FromJson(json);
        Assert.Equal(json, read.ToJson(dialect));
        // Id 0 weighs 0.5, id 2 weighs 2 − 1.
        Tensor<float> y = read.PredictMany([Tensor.From(new float[,] { { 0, 2, 2 } }), Tensor.From(new float[,] { { 0.5f, 2, -1 } })])[0];
        Assert.Equal([0.5f, 0, 1], y.ToArray());
    }

    [Fact]
    public void Options_that_are_off_change_nothing()
        => Assert.False(IsCausal(Read("Attention", """[[["x", 0, 0, {"use_causal_mask": false, "return_attention_scores": false, "training": null}], ["x", 0, 0, {}]]]""")));

    /// <summary>Options hold for their call: the same layer is causal in one, and gives its weights in another.</summary>
    [Theory]
    [InlineData(ArchitectureDialect.Keras2)]
    [InlineData(ArchitectureDialect.Keras3)]
    public void Two_calls_of_a_layer_have_options_of_their_own(ArchitectureDialect dialect)
    {
        var input = Input.Of([3, 2], name: "x");
        var layer = new MultiHeadAttention(2, 3) { Name = "a", UseCausalMask = dialect == ArchitectureDialect.Keras2 };
        SymbolicTensor causal = layer.Apply(new CallOptions { UseCausalMask = true }, input, input);
        IReadOnlyList<SymbolicTensor> open = layer.ApplyMany(new CallOptions { UseCausalMask = false, ReturnAttentionScores = true }, input, input);
        Assert.Equal("(None, 2, 3, 3)", open[1].Shape.ToString());
        var model = new Model(input, [causal, .. open]) { Seed = 2 };
        Model read = Model.FromJson(model.ToJson(dialect));
        foreach (Model each in (Model[])[model, read])
        {
            Assert.Equal(["(None, 3, 2)", "(None, 3, 2)", "(None, 2, 3, 3)"], each.OutputShapes.Select(shape => shape.ToString()));
            (float[] first, float[] last) = (FirstStep(each, 0, spoil: false), FirstStep(each, 0, spoil: true));
            Assert.Equal(first, last);
            Assert.NotEqual(FirstStep(each, 1, spoil: false), FirstStep(each, 1, spoil: true));
        }
    }

    [Fact]
    public void Options_that_a_layer_does_not_have_and_training_in_a_graph_are_refused()
    {
        var input = Input.Of([3, 2]);
        var error = Assert.Throws<ArgumentException>(() => new Dense(2).Apply(new CallOptions { ReturnAttentionScores = true }, input));
        Assert.Contains("options of attention", error.Message);
        error = Assert.Throws<ArgumentException>(() => new Dropout(0.5).Apply(new CallOptions { Training = true }, input));
        Assert.Contains("fit and predict decide", error.Message);
    }

    [Fact]
    public void An_option_that_would_change_the_result_and_is_not_known_is_refused()
    {
        Assert.Contains("flash", Assert.Throws<NotSupportedException>(() => Read("Attention", """[[["x", 0, 0, {"flash": [1, 2]}], ["x", 0, 0, {}]]]""")).Message);
        var error = Assert.Throws<NotSupportedException>(() => Read("ReLU", """[[["x", 0, 0, {"return_attention_scores": true}]]]"""));
        Assert.Contains("'a' (ReLU)", error.Message);
        Assert.Contains("return_attention_scores", error.Message);
    }

    [Theory]
    [InlineData("Attention", """[[["x", 0, 0, {"training": true}], ["x", 0, 0, {}]]]""", "true")]
    [InlineData("Attention", """[[["x", 0, 0, {"training": false}], ["x", 0, 0, {}]]]""", "false")]
    [InlineData("BatchNormalization", """[[["x", 0, 0, {"training": false}]]]""", "false")]
    [InlineData("ReLU", """[[["x", 0, 0, {"training": true}]]]""", "true")]
    [InlineData("BatchNormalization", """[{"args": [@x], "kwargs": {"training": true}}]""", "true")]
    public void Training_fixed_at_the_call_is_refused(string className, string calls, string value)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(className, calls));
        Assert.Contains($"'a' ({className})", error.Message);
        Assert.Contains($"training = {value}", error.Message);
        Assert.Contains("dropout or batch normalisation", error.Message);
    }

    /// <summary>Keras 3 writes the argument's default, false, at plain calls.</summary>
    [Theory]
    [InlineData("false")]
    [InlineData("null")]
    public void Training_that_Keras_3_writes_at_plain_calls_says_nothing(string value)
        => Assert.Equal([null, 3, 2], Shape(Read("BatchNormalization", $$"""[{"args": [@x], "kwargs": {"training": {{value}}, "mask": null} }]""")));

    [Theory]
    [InlineData("""[{"args": [@x], "kwargs": {"key": @k, "value": @v}}]""")]
    [InlineData("""[{"args": [@x, @v], "kwargs": {"key": @k}}]""")]
    [InlineData("""[{"args": [], "kwargs": {"key": @k, "query": @x, "value": @v}}]""")]
    [InlineData("""[{"args": [[@x, @v, @k]], "kwargs": {}}]""")]
    [InlineData("""[{"args": [], "kwargs": {"inputs": [@x, @v, @k]}}]""")]
    public void Tensors_given_by_name_stand_where_the_layer_takes_them(string calls)
    {
        Model model = Read("MultiHeadAttention", calls, """, "num_heads": 1, "key_dim": 2""");
        Assert.Equal([4, 1, 2], Kernel("value"));
        Assert.Equal([5, 1, 2], Kernel("key"));

        int[] Kernel(string role) => [.. model.Weights.Single(weight => weight.Path.EndsWith($"{role}/kernel", StringComparison.Ordinal)).Parameter.Shape];
    }

    /// <summary>Keras 3 gives what stands at the second place of a recurrent layer's call as its initial state; Keras 2 writes tensors behind the first one.</summary>
    [Theory]
    [InlineData("GRU", """[{"args": [@x, @s], "kwargs": {}}]""")]
    [InlineData("GRU", """[{"args": [@x, [@s]], "kwargs": {"training": false}}]""")]
    [InlineData("LSTM", """[{"args": [@x, [@s, @s], null], "kwargs": {}}]""")]
    [InlineData("LSTM", """[[["x", 0, 0, {"initial_state": [["s", 0, 0], ["s", 0, 0]]}]]]""")]
    [InlineData("GRU", """[[["x", 0, 0, {"initial_state": ["s", 0, 0]}]]]""")]
    public void States_stand_where_Keras_takes_them(string className, string calls)
    {
        Model model = Read(className, calls, """, "units": 6""", """[["x", 0, 0], ["s", 0, 0]]""");
        Tensor<float> x = Tensor.Zeros<float>(1, 3, 2);
        Assert.NotEqual(model.Predict([x, Tensor.Full(1f, 1, 6)]).ToArray(), model.Predict([x, Tensor.Full(2f, 1, 6)]).ToArray());
    }

    [Fact]
    public void Keras_2_writes_the_value_and_key_of_attention_behind_the_query()
    {
        Model model = Read("MultiHeadAttention", """[[["x", 0, 0, {"value": ["v", 0, 0], "key": ["k", 0, 0]}]]]""", """, "num_heads": 1, "key_dim": 2""", """[["x", 0, 0], ["v", 0, 0], ["k", 0, 0]]""");
        Assert.Equal(3, model.Inputs.Count);
    }

    [Theory]
    [InlineData("sequences")]
    [InlineData("sequence")]
    [InlineData("inputs")]
    public void A_sequence_and_its_initial_state_may_come_in_any_order(string key)
    {
        Model model = Read("GRU", $$"""[{"args": [], "kwargs": {"initial_state": [@s], "{{key}}": @x} }]""", """, "units": 6""");
        Assert.Equal([null, 6], Shape(model));
    }

    [Theory]
    [InlineData("MultiHeadAttention", """, "num_heads": 1, "key_dim": 2""", """[{"args": [@x, @x], "kwargs": {"attention_mask": @k}}]""", "attention_mask")]
    [InlineData("GRU", """, "units": 6""", """[{"args": [@x], "kwargs": {"mask": @s}}]""", "mask")]
    [InlineData("GRU", """, "units": 6""", """[{"args": [@x, null, @s], "kwargs": {}}]""", "mask")]
    [InlineData("SimpleRNN", """, "units": 6""", """[{"args": [@x, @s, @s], "kwargs": {}}]""", "mask")]
    [InlineData("GRU", """, "units": 6""", """[[["x", 0, 0, {"mask": ["s", 0, 0]}]]]""", "mask")]
    [InlineData("BatchNormalization", "", """[{"args": [@x, null, @s], "kwargs": {}}]""", "mask")]
    [InlineData("Attention", "", """[{"args": [[@x, @x], [@s, @s]], "kwargs": {}}]""", "mask")]
    [InlineData("MultiHeadAttention", """, "num_heads": 1, "key_dim": 2""", """[{"args": [@x, @x, null, @s], "kwargs": {}}]""", "query_mask")]
    [InlineData("Dense", """, "units": 6""", """[{"args": [@x, @s], "kwargs": {}}]""", "argument 2")]
    [InlineData("ReLU", "", """[{"args": [], "kwargs": {"query": @x}}]""", "query")]
    [InlineData("MultiHeadAttention", """, "num_heads": 1, "key_dim": 2""", """[{"args": [@x], "kwargs": {"key": @k}}]""", "key")]
    [InlineData("GRU", """, "units": 6""", """[{"args": [@x], "kwargs": {"sequence": @x}}]""", "sequence")]
    public void A_tensor_by_a_name_that_is_no_input_or_in_a_wrong_place_is_refused(string className, string config, string calls, string key)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(className, calls, config));
        Assert.Contains($"'a' ({className})", error.Message);
        Assert.Contains($"'{key}'", error.Message);
    }

    [Fact]
    public void Inputs_and_outputs_may_be_an_object_whose_values_count_in_order()
    {
        Model model = Read("ReLU", """[[["x", 0, 0, {}]]]""", "", """{"z": ["v", 0, 0], "b": ["x", 0, 0]}""", """{"z": ["a", 0, 0], "b": ["v", 0, 0]}""");
        Assert.Equal(["v", "x"], model.Inputs.Select(input => input.Layer.Name));
        Assert.Equal(["a", "v"], model.Outputs.Select(output => output.Layer.Name));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("null")]
    public void Inputs_that_are_neither_a_list_nor_an_object_are_refused(string inputs)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read("ReLU", """[[["x", 0, 0, {}]]]""", "", inputs));
        Assert.Contains("'input_layers'", error.Message);
        Assert.Contains("expected a list", error.Message);
    }

    [Fact]
    public void A_number_among_the_tensors_is_refused()
        => Assert.Contains("argument 2", Assert.Throws<InvalidDataException>(() => Read("BatchNormalization", """[{"args": [@x, true], "kwargs": {}}]""")).Message);

    // Causal where the last step has no influence on the first.
    private static bool IsCausal(Model model) => FirstStep(model, 0, spoil: false).SequenceEqual(FirstStep(model, 0, spoil: true));

    private static float[] FirstStep(Model model, int output, bool spoil)
    {
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 1, 3, 2);
        x[0, 2, 0] += spoil ? 5f : 0f;
        return model.PredictMany([x])[output][0, 0, ..].ToArray();
    }

    private static int?[] Shape(Model model) => [.. Enumerable.Range(0, model.Outputs[0].Shape.Rank).Select(axis => model.Outputs[0].Shape[axis])];

    // @x, @v, @k and @s stand for Keras 3's placeholders of the inputs.
    private static Model Read(string className, string calls, string config, string? inputs = null, string outputs = """[["a", 0, 0]]""")
    {
        var used = new List<string>();
        foreach (string name in (string[])["x", "v", "k", "s"])
        {
            if (calls.Contains($"@{name}", StringComparison.Ordinal))
                used.Add($"""["{name}", 0, 0]""");
            calls = calls.Replace($"@{name}", $$$"""{"class_name": "__keras_tensor__", "config": {"keras_history": ["{{{name}}}", 0, 0]}}""", StringComparison.Ordinal);
        }
        return Model.FromJson($$$"""
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 3, 2]}, "inbound_nodes": []},
              {"class_name": "InputLayer", "name": "v", "config": {"name": "v", "batch_input_shape": [null, 3, 4]}, "inbound_nodes": []},
              {"class_name": "InputLayer", "name": "k", "config": {"name": "k", "batch_input_shape": [null, 3, 5]}, "inbound_nodes": []},
              {"class_name": "InputLayer", "name": "s", "config": {"name": "s", "batch_input_shape": [null, 6]}, "inbound_nodes": []},
              {"class_name": "{{{className}}}", "name": "a", "config": {"name": "a"{{{config}}}}, "inbound_nodes": {{{calls}}}}],
              "input_layers": {{{inputs ?? $"[{string.Join(", ", used)}]"}}}, "output_layers": {{{outputs}}}}}
            """);
    }

    private static Model Read(string className, string calls)
        => calls.Contains('@', StringComparison.Ordinal) ? Read(className, calls, "") : ReadPlain(className, calls);

    private static Model ReadPlain(string className, string calls) => Model.FromJson($$$"""
        {"class_name": "Functional", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 3, 2]}, "inbound_nodes": []},
          {"class_name": "{{{className}}}", "name": "a", "config": {"name": "a"}, "inbound_nodes": {{{calls}}}}],
          "input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0]]}}
        """);
}
