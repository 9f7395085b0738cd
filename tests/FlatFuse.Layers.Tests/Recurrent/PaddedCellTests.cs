using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>A cell that cannot bear padding: what it makes of it leaves no trace, neither in outputs nor in gradients.</summary>
public sealed class PaddedCellTests
{
    private const int Batch = 3, Steps = 5, Real = 3;

    // Row 0 is padded behind, row 1 before, row 2 altogether.
    private static readonly Tensor<float> Mask = Values.Of([1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0], Batch, Steps);

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0f, true)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, true)]
    public void Outputs_and_gradients_are_those_of_the_sequence_without_padding(float padding, bool backwards)
    {
        Tensor<float> real = Values.Random(1, 2, Real, 2), padded = Tensor.Full(padding, Batch, Steps, 2);
        for (int t = 0; t < Real; t++)
        {
            for (int i = 0; i < 2; i++)
                (padded[0, t, i], padded[1, t + 2, i]) = (real[0, t, i], real[1, t, i]);
        }
        RNN plain = LayerCheck.Built(new RNN(new Ratio()) { GoBackwards = backwards }, [2, Real, 2]);
        RNN masked = LayerCheck.Built(new RNN(new Ratio()) { GoBackwards = backwards }, [Batch, Steps, 2]);
        Values.CopyWeights(plain, masked);
        var context = new CallContext();
        Variable x = context.Leaf(real), xPadded = context.Leaf(padded);
        Variable want = plain.Apply(x);
        Variable got = masked.Invoke([new LayerValue(xPadded, context.Constant(Mask))], context)[0].Variable;
        Assert.Equal([.. Values.Numbers(want), 0f, 0f], Values.Numbers(got));
        VariableOps.Sum(VariableOps.Square(want)).Backward();
        VariableOps.Sum(VariableOps.Square(got)).Backward();
        Assert.Equal(plain.Cell.Parameters[0].Gradient!.ToArray(), masked.Cell.Parameters[0].Gradient!.ToArray());
        for (int i = 0; i < Batch * Steps * 2; i++)
        {
            (int row, int t, int feature) = (i / (Steps * 2), i / 2 % Steps, i % 2);
            float expected = Mask[row, t] == 0f ? 0f : x.Gradient![row, row == 0 ? t : t - 2, feature];
            Assert.Equal(expected, xPadded.Gradient![row, t, feature]);
        }
    }

    [Fact]
    public void A_merge_takes_the_other_sides_entry_where_one_is_padding_that_is_no_number()
    {
        var context = new CallContext();
        Variable a = context.Leaf(Values.Of([1f, float.NaN, 3f, 4f], 1, 2, 2)), b = context.Leaf(Values.Of([5f, 6f, 7f, 8f], 1, 2, 2));
        Variable first = context.Constant(Values.Of([0f, 1f], 1, 2)), both = context.Constant(Values.Of([1f, 1f], 1, 2));
        foreach (Merge merge in new Merge[] { new Maximum(), new Minimum(), new Multiply() })
        {
            Variable y = merge.Invoke([new LayerValue(a, first), new LayerValue(b, both)], context)[0].Variable;
            Assert.DoesNotContain(Values.Numbers(y), float.IsNaN);
            VariableOps.Sum(y).Backward();
            Assert.Equal([0f, 0f], a.Gradient!.ToArray()[..2]);
        }
    }

    // s' = k·(s + x/Σ|x|): 0/0 on padding of zeros, and NaN on padding of NaN.
    private sealed class Ratio : RecurrentCell
    {
        private Parameter? _keep;

        public override IReadOnlyList<int> StateSizes => [2];

        public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
        {
            Variable next = (states[0] + x / VariableOps.Sum(VariableOps.Square(x), 1, keepDims: true)) * _keep!;
            return (next, [next]);
        }

        protected override void Build(IReadOnlyList<SymbolicShape> inputShapes) => _keep = AddWeight("keep", [2], new Constant(0.75));
    }
}
