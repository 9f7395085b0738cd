using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

public sealed class NumericsTensorsTests
{
    public static TheoryData<string> Layouts => [.. Views().Keys];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Any_layout_reads_the_same_through_a_span_and_comes_back(string name)
    {
        Tensor<int> tensor = Views()[name];
        System.Numerics.Tensors.ReadOnlyTensorSpan<int> span = tensor.AsReadOnlyTensorSpan();
        var values = new List<int>();
        foreach (int value in span)
            values.Add(value);
        Assert.Equal(tensor.ToArray(), values);
        Tensor<int> back = span.ToTensor();
        Assert.Equal(tensor.Rank == 0 ? [1] : tensor.Shape, back.Shape);
        Assert.Equal(tensor.ToArray(), back.ToArray());
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_writable_span_writes_into_the_tensor_or_is_refused(string name)
    {
        Tensor<int> tensor = Views()[name];
        if (name.StartsWith("flip", StringComparison.Ordinal) || name.StartsWith("broadcast", StringComparison.Ordinal))
        {
            Assert.Contains("Clone()", Assert.Throws<InvalidOperationException>(() => tensor.AsTensorSpan()).Message);
            return;
        }
        tensor.AsTensorSpan().Fill(-1);
        Assert.All(tensor.ToArray(), value => Assert.Equal(-1, value));
    }

    private static Dictionary<string, Tensor<int>> Views()
    {
        Tensor<int> block = Tensor.From<int>([.. Enumerable.Range(0, 24)], 2, 3, 4);
        return new Dictionary<string, Tensor<int>>
        {
            ["whole"] = block,
            ["transposed"] = block.Transpose(),
            ["slice"] = block[.., 1..3, ^2..],
            ["last column"] = block[.., .., ^1],
            ["one of each"] = block[1.., 2.., 3..],
            ["expanded"] = block.ExpandDims(1),
            ["flipped"] = block.Flip(1),
            ["flip and transpose"] = block.Flip(0).Transpose(),
            ["broadcast"] = Tensor.From([1, 2]).BroadcastTo(3, 2),
            ["scalar"] = Tensor.From([7], []),
            ["empty"] = Tensor.Zeros<int>(2, 0, 3),
        };
    }
}
