using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

/// <summary>A tensor of every element type and of every kind of layout, for round trips.</summary>
internal static class SampleTensors
{
    public static NamedTensors All()
    {
        Tensor<float> cube = Tensor.From([1f, -2.5f, float.NaN, float.PositiveInfinity, -0f, float.Epsilon, 7, 8, 9, 10, 11, 12], 2, 3, 2);
        return new NamedTensors
        {
            ["float"] = cube,
            ["double"] = Tensor.From([Math.PI, double.MinValue], 1, 2),
            ["half"] = Tensor.From([(Half)1.5f, Half.MaxValue]),
            ["sbyte"] = Tensor.From<sbyte>([-128, 127]),
            ["short"] = Tensor.From<short>([-32768, 258]),
            ["int"] = Tensor.From([int.MinValue, 66051]),
            ["long"] = Tensor.From([long.MinValue, 1L << 40]),
            ["byte"] = Tensor.From<byte>([0, 255]),
            ["ushort"] = Tensor.From<ushort>([258, 65535]),
            ["uint"] = Tensor.From([uint.MaxValue, 66051u]),
            ["ulong"] = Tensor.From([ulong.MaxValue]),
            ["bool"] = Tensor.From([true, false, true]),
            ["scalar"] = Tensor.From([3f], []),
            ["empty"] = Tensor.Zeros<int>(3, 0, 2),
            ["transposed"] = cube.Transpose(),
            ["flipped"] = cube.Flip(1)[.., 1..],
            ["broadcast"] = Tensor.From([1f, 2f]).BroadcastTo(3, 2),
            ["ünïcode \"quoted\""] = Tensor.From([1f]),
        };
    }

    public static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.ElementType, actual.ElementType);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(actual.IsContiguous);
        Assert.Equal(Bytes(expected), Bytes(actual));
    }

    public static byte[] Bytes(Tensor tensor)
    {
        var stream = new MemoryStream();
        ElementKind.Of(tensor).Write(stream, tensor);
        return stream.ToArray();
    }
}
