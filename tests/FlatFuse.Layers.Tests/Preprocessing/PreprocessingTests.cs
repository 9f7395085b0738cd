using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

public sealed class PreprocessingTests
{
    [Fact]
    public void An_adapted_Normalization_gives_every_feature_mean_0_and_variance_1()
    {
        // Means 3 and 10; variances 2.6667 and 0, which is divided by 1e-7 and gives 0.
        var layer = new Normalization();
        layer.Adapt(Tensor.From(new float[,] { { 1, 10 }, { 3, 10 }, { 5, 10 } }));
        Assert.Equal([3f, 10f], layer.Parameters[0].Value.AsSpan().ToArray());
        Assert.Equal([8f / 3, 0f], layer.Parameters[1].Value.AsSpan().ToArray());
        float[] y = Run(layer, Tensor.From(new float[,] { { 1, 10 }, { 5, 10 } }));
        Assert.Equal([-MathF.Sqrt(1.5f), 0f, MathF.Sqrt(1.5f), 0f], y, Within);
    }

    [Fact]
    public void Adapting_over_other_axes_keeps_their_indices_apart()
    {
        Tensor<float> data = Tensor.From(new float[,,] { { { 1, 2 }, { 10, 20 } }, { { 3, 4 }, { 30, 40 } } });
        var steps = new Normalization(1);
        steps.Adapt(data);
        Assert.Equal([2.5f, 25f], steps.Parameters[0].Value.AsSpan().ToArray());
        var all = new Normalization([]);
        all.Adapt(data);
        Assert.Equal([13.75f], all.Parameters[0].Value.AsSpan().ToArray());
        var both = new Normalization(1, 2);
        both.Adapt(data);
        Assert.Equal([2f, 3f, 20f, 30f], both.Parameters[0].Value.AsSpan().ToArray());
        Assert.Equal([1f, 1f, 100f, 100f], both.Parameters[1].Value.AsSpan().ToArray());
    }

    [Fact]
    public void Given_statistics_are_used_and_Invert_goes_back()
    {
        Tensor<float> x = Tensor.From(new float[,] { { 5, 1 }, { 1, 3 } });
        float[] there = Run(new Normalization { Mean = [3, 2], Variance = [4, 1] }, x);
        Assert.Equal([1f, -1f, -1f, 1f], there);
        Assert.Equal([5f, 1f, 1f, 3f], Run(new Normalization { Mean = [3, 2], Variance = [4, 1], Invert = true }, Tensor.From<float>(there, [2, 2])));
        Assert.Throws<InvalidOperationException>(() => new Normalization { Mean = [0], Variance = [1] }.Adapt(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Normalization { Variance = [-1] });
    }

    [Fact]
    public void Categories_are_marked_spread_or_counted()
    {
        Tensor<float> ids = Tensor.From(new float[,] { { 0, 2, 2 }, { 1, 1, 1 } });
        Assert.Equal([1f, 0, 1, 0, 1, 0], Run(new CategoryEncoding(3), ids));
        Assert.Equal([1f, 0, 2, 0, 3, 0], Run(new CategoryEncoding(3, CategoryMode.Count), ids));
        Assert.Equal([1f, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0], Run(new CategoryEncoding(3, CategoryMode.OneHot), ids));
    }

    [Fact]
    public void Counts_add_up_the_weights_and_the_weights_receive_the_gradient()
    {
        var context = new CallContext();
        Variable ids = context.Constant(Tensor.From(new float[,] { { 0, 2, 2 }, { 1, 1, 1 } }));
        Variable weights = context.Leaf(Tensor.From(new float[,] { { 0.5f, 2, -1 }, { 1, 2, 4 } }));
        var layer = new CategoryEncoding(3, CategoryMode.Count);
        Variable y = layer.Apply(ids, weights);
        Assert.Equal([0.5f, 0, 1, 0, 7, 0], Values.Numbers(y));
        VariableOps.Sum(y * context.Constant(Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }))).Backward();
        Assert.Equal([1f, 3, 3, 5, 5, 5], weights.Gradient!.ToArray());
        string message = Assert.Throws<ArgumentException>(() => layer.Apply(Input.Of([3]), Input.Of([4]))).Message;
        Assert.Contains("(None, 3)", message);
        Assert.Contains("(None, 4)", message);
        Assert.Throws<ArgumentException>(() => new CategoryEncoding(3).Apply(Input.Of([3]), Input.Of([3])));
    }

    [Fact]
    public void Features_are_rescaled_each_by_its_numbers()
    {
        Tensor<float> x = Tensor.From(new float[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([10f, 1, 30, 3], Run(new Rescaling([10, 1], [0, -1]), x));
        Assert.Equal([2f, 3, 6, 7], Run(new Rescaling([2], [0, -1]), x));
        Assert.Equal([3f, 7, 7, 13], Run(new Rescaling([2, 3], [1]), x));
        Assert.Equal([2f, 6, 6, 12], Run(new Rescaling([2, 3]), x));
        Assert.Throws<ArgumentException>(() => new Rescaling([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new Rescaling([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rescaling([1, double.NaN]));
    }

    [Theory]
    [InlineData(3f)]
    [InlineData(-1f)]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    public void An_id_that_is_no_category_is_refused(float id)
        => Assert.Contains("from 0 to 2", Assert.Throws<ArgumentException>(() => Run(new CategoryEncoding(3), Tensor.From(new float[,] { { 0, id } }))).Message);

    [Fact]
    public void Numbers_fall_into_the_interval_that_begins_at_or_below_them()
    {
        // The example of Keras's documentation.
        Tensor<float> x = Tensor.From(new float[,] { { -1.5f, 1.0f, 3.4f, 0.5f }, { 0.0f, 3.0f, 1.3f, 0.0f } });
        Assert.Equal([0f, 2, 3, 1, 1, 3, 2, 1], Run(new Discretization([0, 1, 2]), x));
        Assert.Equal([0f, 3], Run(new Discretization([0, 1, 2]), Tensor.From(new float[,] { { float.NegativeInfinity, float.NaN } })));
    }

    [Fact]
    public void Adapted_boundaries_are_quantiles_as_Keras_finds_them()
    {
        // The example of Keras's documentation.
        Tensor<float> x = Tensor.From(new float[,] { { -1.5f, 1.0f, 3.4f, 0.5f }, { 0.0f, 3.0f, 1.3f, 0.0f } });
        var layer = new Discretization(4) { Epsilon = 0.01 };
        Assert.Throws<InvalidOperationException>(() => Run(layer, x));
        layer.Adapt(x);
        Assert.Equal([0f, 2, 3, 2, 1, 3, 3, 1], Run(layer, x));
        Assert.Throws<InvalidOperationException>(() => layer.Adapt(x));
        Assert.Throws<InvalidOperationException>(() => new Discretization([0]).Adapt(x));

        JsonObject written = LayerRegistry.Write(layer);
        var read = (Discretization)LayerRegistry.Read((JsonObject)JsonNode.Parse(written.ToJsonString())!);
        Assert.Equal(layer.BinBoundaries, read.BinBoundaries);
        Assert.Equal(4, read.NumBins);
    }

    [Fact]
    public void Many_numbers_are_cut_into_parts_of_equal_size()
    {
        var values = new float[10_000];
        for (int i = 0; i < values.Length; i++)
            values[i] = i * 7919 % values.Length;
        var layer = new Discretization(5);
        layer.Adapt(Tensor.From<float>(values, [100, 100]));
        Assert.Equal(4, layer.BinBoundaries.Count);
        // Epsilon is 0.01: each boundary may be off by one hundredth of the numbers, and once more by the step of the summary.
        for (int i = 0; i < 4; i++)
            Assert.InRange(layer.BinBoundaries[i], 2000f * (i + 1) - 200, 2000f * (i + 1) + 200);
    }

    private static float[] Run(Layer layer, Tensor<float> x)
    {
        var context = new CallContext();
        return Values.Numbers(layer.Apply(context.Constant(x)));
    }

    private static bool Within(float want, float got) => Math.Abs(want - got) <= 1e-6f;
}
