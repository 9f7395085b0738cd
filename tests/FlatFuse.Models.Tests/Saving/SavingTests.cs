using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests;

public sealed class SavingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flatfuse");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_loaded_model_computes_the_same_bits()
    {
        Model model = Fusion();
        string path = PathOf("fusion.flatfuse");
        model.Save(path);
        Model loaded = Model.Load(path);
        Assert.Equal(RunOn(model), RunOn(loaded));
        Assert.Equal(model.Summary(TextWriter.Null).ToString(true), loaded.Summary(TextWriter.Null).ToString(true));
        Assert.Equal(model.ToJson(), loaded.ToJson());
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        string first = PathOf("first"), second = PathOf("second"), third = PathOf("third");
        Fusion().Save(first);
        Fusion().Save(second);
        Model.Load(first).Save(third);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(third));
    }

    [Fact]
    public void Saving_replaces_an_older_file_and_leaves_nothing_beside_it()
    {
        string path = PathOf("model");
        File.WriteAllText(path, "old");
        Fusion().Save(path);
        Fusion().Save(path);
        Assert.NotNull(Model.Load(path));
        Assert.Equal(path, Assert.Single(_folder.GetFiles()).FullName);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = Saved();
        foreach (int length in new[] { 0, 1, 70, 71, 72, whole.Length / 3, whole.Length / 2, whole.Length - 100, whole.Length - 1 })
            AssertRefused(whole[..length]);
    }

    [Fact]
    public void A_file_changed_in_any_byte_is_refused()
    {
        byte[] whole = Saved();
        // A step that is prime to every block size, so that headers, entries and trailer are all met.
        for (int i = 0; i < whole.Length; i += 97)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            AssertRefused(changed);
        }
        AssertRefused([.. whole, 0]);
    }

    [Fact]
    public void Weights_alone_go_into_a_model_of_the_same_architecture()
    {
        Model model = Fusion(), other = Fusion(seed: 3);
        Assert.NotEqual(RunOn(model), RunOn(other));
        string path = PathOf("weights.safetensors");
        model.SaveWeights(path);
        other.LoadWeights(path);
        Assert.Equal(RunOn(model), RunOn(other));
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_and_change_nothing()
    {
        string path = PathOf("weights.safetensors");
        new Sequential([Input.Of([3]), new Dense(2)]).SaveWeights(path);
        var wider = new Sequential([Input.Of([3]), new Dense(4)]) { Seed = 4 };
        float[] before = wider.Weights[0].Parameter.Value.AsSpan().ToArray();
        Assert.Contains("dense/kernel", Assert.Throws<InvalidDataException>(() => wider.LoadWeights(path)).Message);
        Assert.Equal(before, wider.Weights[0].Parameter.Value.AsSpan().ToArray());
    }

    [Fact]
    public void A_compiled_model_is_compiled_again_after_loading()
    {
        Model model = Fusion();
        model.Compile(new SGD(0.125), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Save(PathOf("compiled"));
        model.Save(PathOf("bare"), withCompile: false);
        Model loaded = Model.Load(PathOf("compiled"));
        Assert.True(loaded.IsCompiled);
        Assert.Equal(CompileJson.Write(model.CompileSettings!).ToJsonString(), CompileJson.Write(loaded.CompileSettings!).ToJsonString());
        Assert.False(Model.Load(PathOf("bare")).IsCompiled);
    }

    [Fact]
    public void Nested_and_shared_models_come_back_with_their_connections()
    {
        var encoder = new Sequential([Input.Of([3]), new Dense(4) { Name = "d" }]) { Name = "encoder" };
        Input a = Input.Of([3], name: "a"), b = Input.Of([3], name: "b");
        // Another call, outside the saved model, must not count.
        encoder.Apply(Input.Of([3]));
        var model = new Model([a, b], new Add().Apply(encoder.Apply(a), encoder.Apply(b)));
        Model loaded = Model.FromJson(model.ToJson());
        Assert.Equal(model.ToJson(), loaded.ToJson());
        Assert.Equal(["encoder[0][0]", "encoder[1][0]"], loaded.Summary(TextWriter.Null).Layers[^1].ConnectedTo);
        Assert.Equal(16, loaded.CountParameters());
    }

    [Fact]
    public void A_loaded_stack_takes_another_layer_and_draws_its_weights_alone()
    {
        var inner = new Sequential(Input.Of([3]), new Dense(4));
        var model = new Sequential(inner, new Dense(2)) { Seed = 5 };
        string path = PathOf("stack");
        model.Save(path);
        var loaded = (Sequential)Model.Load(path);
        loaded.Add(new Dense(3));
        model.Add(new Dense(3));
        foreach (NamedWeight weight in model.Weights)
            Assert.Equal(weight.Parameter.Value.ToArray(), loaded.GetWeight(weight.Path).Value.ToArray());
    }

    [Fact]
    public void A_frozen_model_and_a_frozen_layer_stay_frozen()
    {
        var inner = new Sequential([Input.Of([3]), new Dense(4)]) { Name = "inner" };
        inner.Trainable = false;
        var model = new Sequential([Input.Of([3]), inner, new Dense(2) { Trainable = false }, new Dense(1)]);
        Model loaded = Model.FromJson(model.ToJson());
        Assert.Equal(26, loaded.Summary(TextWriter.Null).NonTrainableParameters);
        Assert.False(loaded.GetLayer("inner").Trainable);
    }

    [Fact]
    public void A_stack_without_an_input_is_described_without_one()
    {
        var loaded = (Sequential)Model.FromJson(new Sequential([new Dense(4), new Dense(2)]).ToJson());
        loaded.EnsureBuilt([new SymbolicShape(null, 3)]);
        Assert.Equal(26, loaded.CountParameters());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"class_name\":\"Dense\",\"config\":{}}")]
    [InlineData("{\"class_name\":\"Sequential\"}")]
    [InlineData("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[null]}}")]
    [InlineData("{\"class_name\":\"Functional\",\"config\":{\"layers\":[],\"input_layers\":[[\"x\",0,0]],\"output_layers\":[]}}")]
    public void What_is_no_architecture_is_refused(string json)
        => Assert.Throws<InvalidDataException>(() => Model.FromJson(json));

    [Theory]
    [InlineData("""{"class_name":"Sequential","config":{"name":5,"layers":[]}}""", "'name' is 5")]
    [InlineData("""{"class_name":"Sequential","config":{"name":"a/b","layers":[]}}""", "'name' is \"a/b\"")]
    [InlineData("""{"class_name":"Sequential","config":{"seed":"a","layers":[]}}""", "'seed' is \"a\"")]
    [InlineData("""{"class_name":"Sequential","config":{"trainable":1,"layers":[]}}""", "'trainable' is 1")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"name":"a/b","units":2}}]}}""", "'name' is \"a/b\"")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"name":[],"units":2}}]}}""", "'name' is []")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"InputLayer","config":{"name":"a/b","batch_input_shape":[null,2]}}]}}""", "'name' is \"a/b\"")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"units":2.5}}]}}""", "'units' is 2.5")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":3}]}}""", "a Dense has the config 3")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"units":2,"kernel_initializer":{"class_name":1}}}]}}""", "'class_name' is 1")]
    [InlineData("""{"class_name":"Functional","config":{"name":5,"layers":[],"input_layers":[],"output_layers":[]}}""", "'name' is 5")]
    [InlineData("""{"class_name":"Functional","config":{"layers":[{"class_name":"Dense","name":7,"config":{"units":2}}],"input_layers":[],"output_layers":[]}}""", "'name' is 7")]
    public void A_value_of_another_kind_is_named(string json, string says)
    {
        string message = Assert.Throws<InvalidDataException>(() => Model.FromJson(json)).Message;
        Assert.StartsWith("Architecture", message);
        Assert.Contains(says, message);
    }

    [Theory]
    [InlineData("""{"format":5,"version":1,"sha256":{}}""")]
    [InlineData("""{"format":"flatfuse-model","version":"1","sha256":{}}""")]
    [InlineData("""{"format":"flatfuse-model","version":1,"sha256":[]}""")]
    [InlineData("[]")]
    public void A_manifest_of_another_kind_is_refused(string manifest)
        => Assert.Throws<InvalidDataException>(() => ModelArchive.CheckManifest("file", JsonNode.Parse(manifest)!, _ => null));

    [Theory]
    [InlineData("""{"optimizer":{"class_name":"SGD"},"loss":[null],"loss_weights":[1],"metrics":[[]]}""", "loss")]
    [InlineData("""{"optimizer":{"class_name":"SGD"},"loss":["mse"],"loss_weights":["1"],"metrics":[[]]}""", "loss_weights")]
    [InlineData("""{"optimizer":{"class_name":"SGD"},"loss":["mse"],"loss_weights":[1],"metrics":[5]}""", "metrics")]
    [InlineData("""{"optimizer":{"class_name":"SGDX"},"loss":["mse"],"loss_weights":[1],"metrics":[[]]}""", "SGDX")]
    public void Compile_settings_of_another_kind_are_refused(string json, string says)
        => Assert.Contains(says, Assert.Throws<InvalidDataException>(() => CompileJson.Read(JsonNode.Parse(json)!)).Message);

    [Fact]
    public void A_layer_class_of_ones_own_cannot_be_saved_but_its_weights_can()
    {
        var model = new Sequential([Input.Of([3]), new Dense(2), new Twice { Name = "twice_as_much" }]);
        Assert.Contains("twice_as_much", Assert.Throws<NotSupportedException>(() => model.Save(PathOf("model"))).Message);
        Assert.Contains("SaveWeights", Assert.Throws<NotSupportedException>(model.ToJson).Message);
        Assert.Empty(_folder.GetFiles());
        model.SaveWeights(PathOf("weights"));
        model.LoadWeights(PathOf("weights"));
    }

    [Fact]
    public void A_class_that_only_has_the_name_of_a_layer_cannot_be_saved()
        => Assert.Throws<NotSupportedException>(new Sequential([Input.Of([3]), new Impostor()]).ToJson);

    [Fact]
    public void Saving_to_one_path_at_once_leaves_one_whole_model()
    {
        string path = PathOf("model");
        Model[] models = [.. Enumerable.Range(0, 8).Select(seed => Fusion(seed))];
        Parallel.For(0, 32, i => models[i % 8].Save(path));
        float[] loaded = RunOn(Model.Load(path));
        Assert.Contains(models, model => RunOn(model).SequenceEqual(loaded));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        string path = PathOf("model");
        File.WriteAllText(path, "old");
        Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, _ => throw new NotSupportedException()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(_folder.GetFiles());
    }

    private static Model Fusion(long seed = 0)
    {
        Input sequence = Input.Of([5, 3], name: "sequence"), facts = Input.Of([4], name: "facts");
        SymbolicTensor a = new Flatten().Apply(new Conv1D(4, kernelSize: 2).Apply(sequence));
        SymbolicTensor b = new Dense(6, Activation.Tanh).Apply(facts);
        return new Model([sequence, facts], new Dense(2, Activation.Sigmoid).Apply(new Concatenate().Apply(a, b)), "fusion") { Seed = seed };
    }

    private static float[] RunOn(Model model)
    {
        var context = new CallContext(recording: false);
        LayerValue Constant(params ReadOnlySpan<int> shape)
        {
            Tensor<float> tensor = Tensor.Zeros<float>(shape);
            for (int i = 0; i < tensor.Count; i++)
                tensor.AsSpan()[i] = MathF.Sin(i);
            return context.Constant(tensor);
        }
        return model.Run([Constant(2, 5, 3), Constant(2, 4)], context)[0].Variable.Value.AsSpan().ToArray();
    }

    private class Twice : Layer
    {
        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => inputs[0].Variable * 2f;
    }

    private sealed class Impostor : Twice
    {
        public override string ClassName => "Flatten";
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private byte[] Saved()
    {
        Fusion().Save(PathOf("whole"));
        return File.ReadAllBytes(PathOf("whole"));
    }

    private void AssertRefused(byte[] content)
    {
        string path = PathOf("damaged");
        File.WriteAllBytes(path, content);
        Assert.Throws<InvalidDataException>(() => Model.Load(path));
    }
}
