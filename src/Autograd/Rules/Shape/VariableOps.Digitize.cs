using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// The interval each number lies in: the count of boundaries that are not above it, so <c>boundaries[y − 1] ≤ x &lt; boundaries[y]</c>.
    /// NaN lies behind all. The derivative is 0 wherever there is one. Source: NumPy, <c>digitize</c>.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="boundaries">Ascending; the node keeps the array and reads it at each run.</param>
    public static Variable Digitize(Variable x, float[] boundaries)
    {
        CallContext context = Operands.ContextOf(nameof(Digitize), x);
        ArgumentNullException.ThrowIfNull(boundaries);
        return context.Run(new DigitizeNode(context, x, boundaries), x.Shape);
    }
}

/// <summary>Counts the boundaries at or below each number.</summary>
internal sealed class DigitizeNode : GradientNode
{
    private readonly Operand _x;
    private readonly float[] _boundaries;

    public DigitizeNode(CallContext context, Variable x, float[] boundaries)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _boundaries = boundaries;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        Span<float> y = output.AsSpan();
        for (int i = 0; i < y.Length; i++)
            y[i] = CountNotAbove(x[i]);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        => Operands.WriteNothing(destinations[0]);

    // Every comparison is "x is below", which NaN never is.
    private int CountNotAbove(float x)
    {
        int from = 0, to = _boundaries.Length;
        while (from < to)
        {
            int middle = (from + to) >>> 1;
            if (x < _boundaries[middle])
                to = middle;
            else
                from = middle + 1;
        }
        return from;
    }
}
