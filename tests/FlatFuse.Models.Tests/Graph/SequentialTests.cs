using FlatFuse.Layers;

namespace FlatFuse.Models.Tests;

public sealed class SequentialTests
{
    [Fact]
    public void A_stack_with_an_input_knows_its_shapes_at_once()
    {
        var model = new Sequential([Input.Of([10]), new Dense(16, Activation.ReLU), new Dense(1, Activation.Sigmoid)]);
        Assert.Equal("(None, 10)", model.InputShape.ToString());
        Assert.Equal("(None, 1)", model.OutputShape.ToString());
        Assert.Equal(["dense", "dense_1"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"], model.Weights.Select(weight => weight.Path));
    }

    [Fact]
    public void Without_an_input_the_shape_is_unknown_until_the_first_use()
    {
        var model = new Sequential([new Dense(4)]);
        Assert.Contains("Input.Of", Assert.Throws<InvalidOperationException>(() => model.OutputShape).Message);
        model.Apply(Input.Of([3]));
        Assert.Equal("(None, 4)", model.OutputShape.ToString());
    }

    [Fact]
    public void A_stack_inside_a_stack_takes_its_shape_from_outside()
    {
        var inner = new Sequential([new Dense(64, Activation.ReLU), new Dense(32, Activation.ReLU)]);
        var outer = new Sequential([Input.Of([10]), inner, new Dense(16, Activation.ReLU), new Dense(1, Activation.Sigmoid)]);
        Assert.Equal("(None, 32)", inner.OutputShape.ToString());
        Assert.Equal("(None, 1)", outer.OutputShape.ToString());
        Assert.Equal("sequential/dense/kernel", outer.Weights[0].Path);
        Assert.All(outer.Weights, weight => Assert.True(weight.Parameter.HasValue));
    }

    [Fact]
    public void Two_blocks_of_one_kind_start_with_different_weights()
    {
        Sequential a = [new Dense(8)], b = [new Dense(8)];
        _ = new Sequential([Input.Of([8]), a, b]);
        Assert.NotEqual(a.Weights[0].Parameter.Value.AsSpan().ToArray(), b.Weights[0].Parameter.Value.AsSpan().ToArray());
    }

    [Fact]
    public void Layers_can_be_added_one_by_one()
    {
        var model = new Sequential { Input.Of([6]), new Dense(4) };
        model.Add(new Dense(3));
        Assert.Equal("(None, 3)", model.OutputShape.ToString());
        Assert.Equal(2, model.Count());
        Assert.True(model.GetWeight("dense_1/kernel").HasValue);
    }

    [Fact]
    public void A_layer_that_does_not_fit_is_not_added()
    {
        var model = new Sequential { Input.Of([6]), new Dense(4) };
        Assert.Throws<ArgumentException>(() => model.Add(new LSTM(3)));
        Assert.Single(model.Layers);
        model.Add(new Dense(2));
        Assert.Equal("(None, 2)", model.OutputShape.ToString());
    }

    [Fact]
    public void The_top_layer_can_be_taken_off()
    {
        var top = new Dense(3);
        var model = new Sequential { Input.Of([6]), new Dense(4), top };
        Assert.Same(top, model.Pop());
        Assert.Equal("(None, 4)", model.OutputShape.ToString());
        Assert.Equal(28, model.CountParameters());
        Assert.NotNull(model.Pop());
        Assert.Throws<InvalidOperationException>(() => model.OutputShape);
    }

    [Fact]
    public void An_input_in_the_middle_is_refused()
        => Assert.Contains("first layer", Assert.Throws<ArgumentException>(() => new Sequential([new Dense(4), Input.Of([4])])).Message);

    [Fact]
    public void One_layer_cannot_stand_twice_in_a_stack()
    {
        var layer = new Dense(4);
        Assert.Throws<ArgumentException>(() => new Sequential([Input.Of([4]), layer, layer]));
    }

    [Fact]
    public void A_built_model_as_first_layer_gives_the_stack_its_input()
    {
        Input x = Input.Of([3]);
        var model = new Sequential([new Model(x, new Dense(2).Apply(x)), new Dense(1)]);
        Assert.Equal("(None, 3)", model.InputShape.ToString());
        Assert.Equal("(None, 1)", model.OutputShape.ToString());
    }

    [Fact]
    public void A_stack_that_is_built_late_expects_ids_when_an_embedding_comes_first()
    {
        var model = new Sequential([new Embedding(10, 4), new Flatten()]);
        model.EnsureBuilt([new SymbolicShape(null, 6)]);
        Assert.Equal(DType.Int32, model.Inputs[0].DType);
        Assert.True(model.Weights[0].Parameter.HasValue);
    }

    [Fact]
    public void Adding_to_a_frozen_stack_freezes_the_new_layer()
    {
        var model = new Sequential { Input.Of([3]) };
        model.Trainable = false;
        model.Add(new Dense(2));
        Assert.Equal(8, model.Summary(TextWriter.Null).NonTrainableParameters);
    }

    [Fact]
    public void A_seed_given_in_braces_draws_the_weights_of_a_whole_stack_anew()
    {
        var plain = new Sequential([Input.Of([3]), new Dense(2)]);
        var seeded = new Sequential([Input.Of([3]), new Dense(2)]) { Seed = 5 };
        Assert.NotEqual(plain.Weights[0].Parameter.Value.AsSpan().ToArray(), seeded.Weights[0].Parameter.Value.AsSpan().ToArray());
    }
}
