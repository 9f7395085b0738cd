using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class CrossentropyTests
{
    [Fact]
    public void Large_logits_stay_finite()
    {
        Variable logits = new CallContext().Leaf(Tensor.From<float>([1000f, 0f, -1000f, 0f], 2, 2));
        Variable losses = VariableOps.SparseCategoricalCrossentropyFromLogits(logits, Tensor.From<float>([1f, 1f]));
        Assert.Equal([1000f, 0f], losses.Value.ToArray());
    }

    [Fact]
    public void Labels_are_read_at_every_run()
    {
        var tape = new Tape();
        var context = new CallContext { Tape = tape };
        Tensor<float> labels = Tensor.From<float>([0f]);
        Variable logits = context.Leaf(Tensor.From<float>([2f, -1f], 1, 2));
        Variable losses = VariableOps.SparseCategoricalCrossentropyFromLogits(logits, labels);
        float first = losses.Value.AsSpan()[0];
        labels.AsSpan()[0] = 1f;
        tape.Replay();
        Assert.Equal(first + 3f, losses.Value.AsSpan()[0], 1e-6f);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        Variable logits = new CallContext().Leaf(Tensor.Zeros<float>(2, 3));
        Assert.StartsWith(
            "SparseCategoricalCrossentropyFromLogits: labels do not fit, left (2, 3) × right (2, 3); expected labels (2,), one a row.",
            Assert.Throws<ArgumentException>(() => VariableOps.SparseCategoricalCrossentropyFromLogits(logits, Tensor.Zeros<float>(2, 3))).Message);
        Assert.StartsWith(
            "CategoricalCrossentropyFromLogits: targets do not fit, left (2, 3) × right (2,); expected targets (2, 3).",
            Assert.Throws<ArgumentException>(() => VariableOps.CategoricalCrossentropyFromLogits(logits, Tensor.Zeros<float>(2))).Message);
        Assert.StartsWith(
            "SparseCategoricalCrossentropy: label 3 of row 1 is none of 3 classes; expected whole numbers 0 … 2.",
            Assert.Throws<ArgumentException>(() => VariableOps.SparseCategoricalCrossentropyFromLogits(logits, Tensor.From<float>([0f, 3f]))).Message);
    }
}
