using System.Globalization;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// Which categories occur in each row: <c>y[…, c] = 1</c> where c is among <c>ids[…, :]</c>, else 0; with <paramref name="count"/> how often.
    /// A row of one id gives its one-hot vector. No gradient flows.
    /// </summary>
    /// <param name="ids">(…, n): whole numbers 0 … <paramref name="depth"/> − 1.</param>
    /// <param name="depth">The number of categories.</param>
    /// <param name="count">True to count occurrences.</param>
    /// <returns>(…, depth).</returns>
    /// <exception cref="ArgumentException">The ids have no axis, or one of them is no category; the latter is found when the values are there.</exception>
    public static Variable MultiHot(Variable ids, int depth, bool count = false)
    {
        CallContext context = Operands.ContextOf(nameof(MultiHot), ids);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        if (ids.Shape.Length == 0)
            throw new ArgumentException("MultiHot: the ids are a scalar; expected (…, n). Add an axis with Reshape.", nameof(ids));
        int[] shape = ids.Shape.ToArray();
        shape[^1] = depth;
        return context.Run(new MultiHotNode(context, ids, depth, count), shape);
    }
}

/// <summary>Marks or counts the categories of each row.</summary>
internal sealed class MultiHotNode : GradientNode
{
    private readonly Operand _ids;
    private readonly int _perRow;
    private readonly int _depth;
    private readonly bool _count;

    public MultiHotNode(CallContext context, Variable ids, int depth, bool count)
        : base(context, ids)
    {
        _ids = new Operand(context, ids);
        _perRow = ids.Shape[^1];
        _depth = depth;
        _count = count;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> ids = _ids.Read();
        Span<float> y = output.AsSpan();
        y.Clear();
        for (int i = 0; i < ids.Length; i++)
        {
            float id = ids[i];
            // Written so that NaN is refused too.
            if (!(id >= 0 && id < _depth && id == MathF.Floor(id)))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"MultiHot: id {id} at position {i} is no category; expected a whole number from 0 to {_depth - 1}."));
            int at = i / _perRow * _depth + (int)id;
            y[at] = _count ? y[at] + 1f : 1f;
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        => Operands.WriteNothing(destinations[0]);
}
