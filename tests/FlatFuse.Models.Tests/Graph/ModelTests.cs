using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests;

public sealed class ModelTests
{
    [Fact]
    public void Unnamed_layers_are_numbered_inside_each_model()
    {
        Model first = TwoDense(), second = TwoDense();
        Assert.Equal(["input_layer", "dense", "dense_1"], first.Layers.Select(layer => layer.Name));
        Assert.Equal(["input_layer", "dense", "dense_1"], second.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Numbers_pass_over_names_that_are_taken()
    {
        Input x = Input.Of([3]);
        var model = new Model(x, new Dense(2).Apply(new Dense(2) { Name = "dense" }.Apply(x)));
        Assert.Equal(["input_layer", "dense", "dense_1"], model.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void A_layer_keeps_the_name_of_its_first_model()
    {
        Input x = Input.Of([3]);
        var second = new Dense(2);
        SymbolicTensor h = new Dense(2).Apply(x);
        _ = new Model(x, second.Apply(h));
        Assert.Equal("dense_1", second.Name);
        var alone = new Model(h, second.Apply(h));
        Assert.Same(second, alone.GetLayer("dense_1"));
    }

    [Fact]
    public void Two_layers_of_one_name_are_refused()
    {
        Input x = Input.Of([3]);
        SymbolicTensor y = new Dense(2) { Name = "twin" }.Apply(new Dense(2) { Name = "twin" }.Apply(x));
        Assert.Contains("'twin'", Assert.Throws<ArgumentException>(() => new Model(x, y)).Message);
    }

    [Fact]
    public void A_disconnected_graph_names_the_missing_input_and_the_layer_that_needs_it()
    {
        Input innerInput = Input.Of([10], name: "inner_input"), outerInput = Input.Of([10], name: "outer_input");
        SymbolicTensor inner = new Dense(4) { Name = "inner_dense" }.Apply(innerInput);
        SymbolicTensor output = new Concatenate().Apply(inner, new Dense(4).Apply(outerInput));
        string message = Assert.Throws<ArgumentException>(() => new Model(outerInput, output)).Message;
        Assert.Contains("'inner_input'", message);
        Assert.Contains("'inner_dense'", message);
        Assert.Contains("outer_input", message);
    }

    [Fact]
    public void Layers_are_listed_by_distance_from_the_outputs()
    {
        Input a = Input.Of([4], name: "a"), b = Input.Of([4], name: "b");
        SymbolicTensor deep = new Dense(4) { Name = "deep_2" }.Apply(new Dense(4) { Name = "deep_1" }.Apply(a));
        SymbolicTensor flat = new Dense(4) { Name = "flat" }.Apply(b);
        var model = new Model([a, b], new Add { Name = "sum" }.Apply(deep, flat));
        Assert.Equal(["a", "deep_1", "b", "deep_2", "flat", "sum"], model.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void A_tensor_in_the_middle_of_one_model_can_start_another()
    {
        Input x = Input.Of([3]);
        SymbolicTensor hidden = new Dense(5).Apply(x);
        SymbolicTensor output = new Dense(2).Apply(hidden);
        var head = new Model(hidden, output);
        Assert.Equal("(None, 5)", head.InputShape.ToString());
        Assert.Equal(12, head.CountParameters());
    }

    [Fact]
    public void A_shared_layer_counts_once_and_runs_twice()
    {
        Input a = Input.Of([3]), b = Input.Of([3]);
        var shared = new Dense(2);
        var model = new Model([a, b], new Add().Apply(shared.Apply(a), shared.Apply(b)));
        Assert.Equal(8, model.CountParameters());
        Tensor<float> x = Tensor.From<float>([1, 2, 3], 1, 3);
        float once = RunOn(new Model(a, shared.Apply(a)), x).AsSpan()[0];
        Assert.Equal(once + once, RunOn(model, x, x).AsSpan()[0]);
    }

    [Fact]
    public void A_model_inside_a_model_computes_what_it_computes_alone()
    {
        Model inner = TwoDense();
        Input x = Input.Of([3]);
        var outer = new Model(x, inner.Apply(x));
        Tensor<float> data = Tensor.From<float>([0.5f, -1, 2], 1, 3);
        Assert.Equal(RunOn(inner, data).AsSpan().ToArray(), RunOn(outer, data).AsSpan().ToArray());
        Assert.Equal("functional/dense/kernel", outer.Weights[0].Path);
    }

    [Fact]
    public void The_same_seed_draws_the_same_weights_and_another_seed_others()
    {
        float[] first = Kernel(TwoDense()), again = Kernel(TwoDense()), other = Kernel(TwoDense(seed: 7)), otherAgain = Kernel(TwoDense(seed: 7));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(other, otherAgain);
    }

    [Fact]
    public void A_seed_does_not_touch_weights_that_an_earlier_model_drew()
    {
        Input x = Input.Of([3]);
        SymbolicTensor hidden = new Dense(4).Apply(x);
        var first = new Model(x, hidden);
        float[] before = Kernel(first);
        _ = new Model(x, new Dense(1).Apply(hidden)) { Seed = 99 };
        Assert.Equal(before, Kernel(first));
    }

    [Fact]
    public void Adding_a_layer_does_not_change_the_first_values_of_another()
    {
        Input x = Input.Of([3]);
        SymbolicTensor hidden = new Dense(4) { Name = "hidden" }.Apply(x);
        var small = new Model(x, hidden);
        Input z = Input.Of([3]);
        SymbolicTensor other = new Dense(4) { Name = "hidden" }.Apply(new Dense(3) { Name = "before" }.Apply(z));
        Assert.Equal(small.GetWeight("hidden/kernel").Value.AsSpan().ToArray(), new Model(z, other).GetWeight("hidden/kernel").Value.AsSpan().ToArray());
    }

    [Fact]
    public void Freezing_a_model_freezes_every_layer_inside()
    {
        Model inner = TwoDense();
        Input x = Input.Of([3]);
        var outer = new Model(x, new Dense(1).Apply(inner.Apply(x)));
        inner.Trainable = false;
        Assert.Equal(inner.CountParameters(), outer.Summary(TextWriter.Null).NonTrainableParameters);
    }

    [Fact]
    public void Data_of_another_shape_are_refused_with_both_shapes_and_the_input()
    {
        Input x = Input.Of([5, 3], name: "readings");
        var model = new Model(x, new Flatten().Apply(x));
        string message = Assert.Throws<ArgumentException>(() => RunOn(model, Tensor.Zeros<float>(2, 3))).Message;
        Assert.Contains("(None, 5, 3)", message);
        Assert.Contains("(2, 3)", message);
        Assert.Contains("'readings'", message);
    }

    [Fact]
    public void A_nested_model_refuses_a_wrong_shape_when_the_outer_model_is_built()
    {
        Model inner = TwoDense();
        Assert.Contains("(None, 4)", Assert.Throws<ArgumentException>(() => inner.Apply(Input.Of([4]))).Message);
    }

    [Fact]
    public void Several_outputs_are_reached_by_ApplyMany()
    {
        Input x = Input.Of([3]);
        var inner = new Model(x, [new Dense(2) { Name = "left" }.Apply(x), new Dense(4) { Name = "right" }.Apply(x)]);
        Assert.Equal(["(None, 2)", "(None, 4)"], inner.ApplyMany(Input.Of([3])).Select(tensor => tensor.Shape.ToString()));
        Assert.Contains("2 outputs", Assert.Throws<InvalidOperationException>(() => inner.OutputShape).Message);
        Assert.Throws<InvalidOperationException>(() => inner.Apply(Input.Of([3])));
    }

    [Fact]
    public void Asking_for_a_missing_layer_lists_those_that_exist()
        => Assert.Contains("dense_1", Assert.Throws<ArgumentException>(() => TwoDense().GetLayer("lstm")).Message);

    private static Model TwoDense(long seed = 0)
    {
        Input x = Input.Of([3]);
        return new Model(x, new Dense(2).Apply(new Dense(4, Activation.ReLU).Apply(x))) { Seed = seed };
    }

    private static float[] Kernel(Model model) => model.GetWeight("dense/kernel").Value.AsSpan().ToArray();

    private static Tensor<float> RunOn(Model model, params Tensor<float>[] data)
    {
        var context = new CallContext(recording: false);
        return model.Run(Array.ConvertAll(data, tensor => new LayerValue(context.Constant(tensor))), context)[0].Variable.Value;
    }
}
