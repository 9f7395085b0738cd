using FlatFuse.Autograd;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Layers.Tests;

/// <summary>Inputs and comparisons of the layer tests.</summary>
internal static class Values
{
    public static Tensor<float> Random(int seed, params ReadOnlySpan<int> shape)
        => Tensor.From<float>(TestValues.Create(Shapes.Count(shape), seed), shape);

    public static Tensor<float> Of(float[] values, params ReadOnlySpan<int> shape) => Tensor.From<float>(values, shape);

    public static float[] Numbers(Variable value) => value.Value.Clone().AsSpan().ToArray();

    /// <summary>Equal up to rounding: the two sides add the same terms in another order, a few dozen of size about 1.</summary>
    public static void Near(Variable want, Variable got)
    {
        Assert.Equal(want.Shape.ToArray(), got.Shape.ToArray());
        double[] reference = [.. Numbers(want).Select(number => (double)number)];
        Assert.Null(Tolerance.FirstDifference(reference, Numbers(got), relative: 1e-5, absolute: 1e-6));
    }

    public static void CopyWeights(Layer from, Layer to)
    {
        foreach ((Parameter source, Parameter target) in LayerCheck.Weights(from).Zip(LayerCheck.Weights(to)))
            target.Assign(source.Value);
    }
}
