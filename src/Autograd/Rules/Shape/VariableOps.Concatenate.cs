using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>Joins values along one axis, in the given order. Gradient: to each its part of dy.</summary>
    /// <param name="values">One or more, of one rank, equal in size on every other axis.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <exception cref="ArgumentException">None given, or ranks or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Variable Concatenate(IReadOnlyList<Variable> values, int axis)
    {
        if (values.Count == 0)
            throw new ArgumentException("Concatenate: received no values; expected at least one. Pass what is to be joined.", nameof(values));
        Variable[] inputs = [.. values];
        CallContext context = Operands.ContextOf(nameof(Concatenate), inputs);
        int[] shape = inputs[0].Shape.ToArray();
        axis = Shapes.NormalizeAxis(axis, shape.Length);
        for (int i = 1; i < inputs.Length; i++)
        {
            ReadOnlySpan<int> other = inputs[i].Shape;
            bool fits = other.Length == shape.Length;
            for (int j = 0; fits && j < shape.Length; j++)
                fits = j == axis || other[j] == shape[j];
            if (!fits)
                Throw.Pair(nameof(Concatenate), $"value {i} does not fit the first", inputs[0].Shape, other, $"equal sizes on every axis but {axis}", other.Length == shape.Length ? "Check the axis, or Reshape." : "Did you forget Flatten()?");
            shape[axis] += other[axis];
        }
        return context.Run(new ConcatenateNode(context, inputs, axis, shape), shape);
    }
}

/// <summary>Blocks of every input in turn, once for each index of the axes before the joined one.</summary>
internal sealed class ConcatenateNode : GradientNode
{
    private readonly Operand[] _values;
    private readonly int[] _blocks;
    private readonly int _outer;
    private readonly int _row;

    public ConcatenateNode(CallContext context, Variable[] values, int axis, ReadOnlySpan<int> shape)
        : base(context, values)
    {
        _values = new Operand[values.Length];
        _blocks = new int[values.Length];
        _outer = Shapes.Count(shape[..axis]);
        int inner = Shapes.Count(shape[(axis + 1)..]);
        for (int i = 0; i < values.Length; i++)
        {
            _values[i] = new Operand(context, values[i]);
            _blocks[i] = values[i].Shape[axis] * inner;
        }
        _row = shape[axis] * inner;
    }

    public override void Forward(Tensor<float> output)
    {
        Span<float> y = output.AsSpan();
        for (int i = 0, column = 0; i < _values.Length; column += _blocks[i], i++)
        {
            ReadOnlySpan<float> x = _values[i].Read();
            for (int outer = 0; outer < _outer; outer++)
                x.Slice(outer * _blocks[i], _blocks[i]).CopyTo(y[(outer * _row + column)..]);
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        for (int i = 0, column = 0; i < destinations.Length; column += _blocks[i], i++)
        {
            if (destinations[i].IsNeeded)
                Split(dy.AsSpan(), column, _blocks[i], destinations[i]);
        }
    }

    private void Split(ReadOnlySpan<float> dy, int column, int block, GradientDestination destination)
    {
        Span<float> dx = destination.Span;
        for (int outer = 0; outer < _outer; outer++)
        {
            ReadOnlySpan<float> from = dy.Slice(outer * _row + column, block);
            Span<float> to = dx.Slice(outer * block, block);
            if (!destination.Accumulate)
            {
                from.CopyTo(to);
                continue;
            }
            for (int i = 0; i < to.Length; i++)
                to[i] += from[i];
        }
    }
}
