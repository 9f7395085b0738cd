using FlatFuse.Layers;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Graph;

public sealed class SubmodelTests
{
    [Fact]
    public void A_model_up_to_a_named_layer_computes_what_that_layer_does()
    {
        var model = new Sequential(Input.Of([4]), new Dense(3, Activation.Tanh) { Name = "hidden" }, new Dense(1));
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 5, 4);
        var features = new Model(model.Inputs, model.GetOutput("hidden"));
        var byLayer = new Model(model.Inputs, model.GetLayer("hidden").Output);
        Tensor<float> hidden = features.Predict(x);
        Assert.Equal([5, 3], hidden.Shape);
        Assert.Equal(hidden.AsSpan().ToArray(), byLayer.Predict(x).AsSpan().ToArray());
        // The rest of the model on these features is the whole model.
        var rest = new Sequential(Input.Of([3]), model.GetLayer("dense"));
        Assert.Equal(model.Predict(x).AsSpan().ToArray(), rest.Predict(hidden).AsSpan().ToArray());
    }

    [Fact]
    public void The_submodel_shares_weights_and_stays_usable_after_training()
    {
        var model = new Sequential(Input.Of([4]), new Dense(3) { Name = "hidden" }, new Dense(1));
        var features = new Model(model.Inputs, model.GetOutput("hidden"));
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 5, 4);
        float[] before = features.Predict(x).AsSpan().ToArray();
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        model.Fit(x, Tensor.Zeros<float>(5, 1), FitModels.Silent(epochs: 3));
        Assert.NotEqual(before, features.Predict(x).AsSpan().ToArray());
        Assert.Same(model.GetWeight("hidden/kernel"), features.GetWeight("hidden/kernel"));
    }

    [Fact]
    public void A_layer_that_is_called_twice_asks_which_call_is_meant()
    {
        var a = Input.Of([4], name: "a");
        var b = Input.Of([4], name: "b");
        var shared = new Dense(3) { Name = "shared" };
        var model = new Model([a, b], new Add().Apply(shared.Apply(a), shared.Apply(b)));
        Assert.Contains("2 times", Assert.Throws<ArgumentException>(() => model.GetOutput("shared")).Message);
        Assert.Throws<InvalidOperationException>(() => shared.Output);
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 2, 4), zero = Tensor.Zeros<float>(2, 4);
        Assert.Equal(new float[6], new Model([a, b], model.GetOutput("shared", call: 1)).Predict([x, zero]).AsSpan().ToArray());
        Assert.Contains("a, b, shared, add", Assert.Throws<ArgumentException>(() => model.GetOutput("nothing")).Message);
    }

    [Fact]
    public void A_model_that_begins_in_the_middle_of_another_can_be_cut_again()
    {
        var model = new Sequential(Input.Of([4]), new Dense(3) { Name = "hidden" }, new Dense(5) { Name = "wide" }, new Dense(1));
        var tail = new Model(model.GetOutput("hidden"), model.Output);
        var middle = new Model(tail.Inputs, tail.GetOutput("wide"));
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 5, 4);
        Tensor<float> hidden = new Model(model.Inputs, model.GetOutput("hidden")).Predict(x);
        Assert.Equal(new Model(model.Inputs, model.GetOutput("wide")).Predict(x).AsSpan().ToArray(), middle.Predict(hidden).AsSpan().ToArray());
    }

    [Fact]
    public void Freezing_reaches_any_depth_and_only_what_it_is_asked_for()
    {
        var deep = new Dense(3) { Name = "deep" };
        var inner = new Sequential(Input.Of([4]), deep, new Dense(3) { Name = "free" }) { Name = "inner" };
        var middle = new Sequential(Input.Of([4]), inner) { Name = "middle" };
        var model = new Sequential(Input.Of([4]), middle, new Dense(1) { Name = "head" });
        deep.Trainable = false;
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        Assert.Equal(["middle/inner/free/kernel", "middle/inner/free/bias", "head/kernel", "head/bias"], Changed(model));

        middle.Trainable = false;
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        Assert.Equal(["head/kernel", "head/bias"], Changed(model));

        middle.Trainable = true;
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        Assert.Equal(6, Changed(model).Count);
    }

    [Fact]
    public void A_change_of_trainable_after_compile_is_refused_until_compiled_again()
    {
        var hidden = new Dense(3);
        var model = new Sequential(Input.Of([4]), hidden, new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        hidden.Trainable = false;
        Assert.Contains("Compile again", Assert.Throws<InvalidOperationException>(() => Changed(model)).Message);
    }

    [Fact]
    public void A_shared_embedding_collects_the_gradients_of_all_its_readers()
    {
        var left = Input.Of([3], name: "left", dtype: DType.Int32);
        var right = Input.Of([3], name: "right", dtype: DType.Int32);
        var words = new Embedding(6, 2) { Name = "words" };
        var sum = new Add().Apply(new Flatten().Apply(words.Apply(left)), new Flatten().Apply(words.Apply(right)));
        var model = new Model([left, right], new Dense(1, Activation.Linear) { UseBias = false, KernelInitializer = new Ones(), Trainable = false }.Apply(sum));
        Assert.Equal(12 + 6, model.CountParameters());
        model.Compile(new SGD(1), Loss.MeanSquaredError);
        float[] before = model.GetWeight("words/embeddings").Value.AsSpan().ToArray();
        Tensor<int> x = Tensor.From(new[,] { { 1, 2, 3 } }), z = Tensor.From(new[,] { { 3, 3, 4 } });
        float error = model.Predict([x, z])[0, 0];
        model.Fit([x, z], Tensor.Zeros<float>(1, 1), FitModels.Silent());
        float[] after = model.GetWeight("words/embeddings").Value.AsSpan().ToArray();
        // d(loss)/d(row) = 2 · error, once for every reading of the id in either input: 3 is read three times.
        int[] readings = [0, 1, 1, 3, 1, 0];
        for (int id = 0; id < 6; id++)
        {
            for (int i = 0; i < 2; i++)
                Assert.Equal(before[(2 * id) + i] - (readings[id] * 2 * error), after[(2 * id) + i], 1e-5f);
        }
    }

    private static List<string> Changed(Model model)
    {
        Dictionary<string, float[]> before = model.Weights.ToDictionary(weight => weight.Path, weight => weight.Parameter.Value.AsSpan().ToArray());
        model.Fit(RandomSource.FromSeed(1).Normal(0, 1, 8, 4), RandomSource.FromSeed(2).Normal(0, 1, 8, 1), FitModels.Silent());
        return [.. model.Weights.Where(weight => !before[weight.Path].AsSpan().SequenceEqual(weight.Parameter.Value.AsSpan())).Select(weight => weight.Path)];
    }
}
