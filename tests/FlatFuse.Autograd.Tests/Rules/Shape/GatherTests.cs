using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class GatherTests
{
    [Fact]
    public void Ids_may_be_a_view_and_get_no_gradient()
    {
        var context = new CallContext();
        Tensor<float> storage = Tensor.From<float>([0f, 1f, 2f, 0f, 1f, 2f], 2, 3);
        Variable ids = context.Leaf(storage.Transpose()), table = context.Leaf(Tensor.From<float>([10f, 20f, 30f], 3, 1));
        Variable rows = VariableOps.Embedding(ids, table);
        Assert.Equal([10f, 10f, 20f, 20f, 30f, 30f], rows.Value.ToArray());
        VariableOps.Sum(rows).Backward();
        Assert.Equal([0f, 0f, 0f, 0f, 0f, 0f], ids.Gradient!.ToArray());
        Assert.Equal([2f, 2f, 2f], table.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(5f, "id 5 at position (1, 0) of ids (2, 2) is not in the vocabulary of 5")]
    [InlineData(-1f, "id -1 at position (1, 0)")]
    [InlineData(1.5f, "id 1.5 at position (1, 0)")]
    [InlineData(float.NaN, "id NaN at position (1, 0)")]
    public void An_id_outside_the_vocabulary_is_named(float id, string expected)
    {
        var context = new CallContext();
        Variable ids = context.Constant(Tensor.From<float>([0f, 4f, id, 1f], 2, 2)), table = context.Leaf(Tensor.Zeros<float>(5, 2));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Embedding(ids, table));
        Assert.StartsWith("Embedding: " + expected, error.Message);
        Assert.Contains("expected whole numbers 0 … 4", error.Message);
    }

    [Fact]
    public void A_table_of_the_wrong_rank_is_refused()
    {
        var context = new CallContext();
        Variable ids = context.Constant(Tensor.Zeros<float>(2)), table = context.Leaf(Tensor.Zeros<float>(5));
        Assert.StartsWith("Embedding: table has shape (5,); expected (vocabulary, dim).", Assert.Throws<ArgumentException>(() => VariableOps.Embedding(ids, table)).Message);
        Assert.StartsWith("Gather: table has shape (); expected (rows, …).", Assert.Throws<ArgumentException>(() => VariableOps.Gather(context.Leaf(Tensor.Zeros<float>()), ids)).Message);
    }

    [Fact]
    public void The_mask_marks_what_is_no_padding()
    {
        var context = new CallContext();
        Variable ids = context.Constant(Tensor.From<float>([3f, 0f, 1f, 0f], 2, 2));
        Variable mask = VariableOps.NotZero(ids);
        Assert.Equal([1f, 0f, 1f, 0f], mask.Value.ToArray());
        Assert.False(mask.RequiresGradient);
    }

    private static Variable Ids(Variable table, float[] ids, params int[] shape) => table.Context!.Constant(Tensor.From<float>(ids, shape));
}
