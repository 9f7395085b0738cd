using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class GradientCheckTests
{
    [Fact]
    public void A_wrong_gradient_is_reported_with_input_index_and_both_numbers()
    {
        GradientReport report = GradientCheck.Run(
            (_, values) => values[1].Context!.Run(new WrongNode(values[1].Context!, values[0], values[1]), values[0].Shape),
            [Tensor.From<float>([1f, 2f]), Tensor.From<float>([3f, 4f])]);
        Assert.False(report.Passed);
        Assert.Equal(4, report.Checked);
        GradientMismatch mismatch = Assert.Single(report.Mismatches);
        Assert.Equal("input 1 ", mismatch.Variable);
        Assert.Equal("(1,)", mismatch.Index);
        Assert.Contains("input 1 (1,): backward says ", report.ToString());
        Assert.Contains("4 derivatives, 1 wrong", report.ToString());
    }

    [Fact]
    public void Verify_throws_the_report()
    {
        var error = Assert.Throws<InvalidOperationException>(() => GradientCheck.Verify(
            (_, values) => values[0].Context!.Run(new WrongNode(values[0].Context!, values[0], values[1]), values[0].Shape),
            [Tensor.From<float>([1f, 2f]), Tensor.From<float>([3f, 4f])]));
        Assert.Contains("four-point difference says", error.Message);
    }

    [Fact]
    public void Parameters_are_checked_and_keep_their_values()
    {
        var weight = new Parameter("kernel", [2]);
        weight.Assign(Tensor.From<float>([0.3f, -0.7f]));
        GradientReport report = GradientCheck.Run(
            (_, values) => VariableOps.Exp(values[0] * weight), [Tensor.From<float>([1f, 2f])], new GradientCheckOptions { Parameters = [weight] });
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(4, report.Checked);
        Assert.Equal([0.3f, -0.7f], weight.Value.ToArray());
        // Far below the tolerance: the margin that its remarks claim.
        Assert.InRange(report.WorstError, 0.0, 1e-4);
    }

    [Fact]
    public void An_input_that_does_not_matter_has_gradient_zero()
    {
        GradientReport report = GradientCheck.Run((_, values) => VariableOps.Exp(values[0]), [Tensor.From<float>([1f]), Tensor.From<float>([2f])]);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(2, report.Checked);
    }

    [Fact]
    public void A_NaN_gradient_is_a_mismatch()
    {
        GradientReport report = GradientCheck.Run((_, values) => VariableOps.Sqrt(values[0]), [Tensor.From<float>([-1f])]);
        Assert.False(report.Passed);
        Assert.Equal(double.NaN, report.WorstError);
    }

    // A sum whose second gradient is off by 1 % in its last element.
    private sealed class WrongNode(CallContext context, Variable left, Variable right) : GradientNode(context, left, right)
    {
        public override void Forward(Tensor<float> output)
        {
            for (int i = 0; i < output.Count; i++)
                output.AsSpan()[i] = Inputs[0].Value.AsSpan()[i] + Inputs[1].Value.AsSpan()[i];
        }

        public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        {
            if (destinations[0].IsNeeded)
                dy.AsSpan().CopyTo(destinations[0].Span);
            if (!destinations[1].IsNeeded)
                return;
            dy.AsSpan().CopyTo(destinations[1].Span);
            destinations[1].Span[^1] *= 1.01f;
        }
    }
}
