using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>The sum along one axis, or of all elements. Gradient: dy, repeated along the axis.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axis, negative counts from the last; null for all.</param>
    /// <param name="keepDims">True to leave reduced axes as size 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Variable Sum(Variable x, int? axis = null, bool keepDims = false)
    {
        CallContext context = Operands.ContextOf(nameof(Sum), x);
        var view = new AxisView(x.Shape, axis, keepDims);
        return context.Run(new SumNode(context, x, view, 1f), view.Result);
    }

    /// <summary>The mean along one axis, or of all elements. Gradient: dy / count, repeated along the axis.</summary>
    /// <param name="x">Any shape without an empty reduced axis.</param>
    /// <param name="axis">The axis, negative counts from the last; null for all.</param>
    /// <param name="keepDims">True to leave reduced axes as size 1.</param>
    /// <exception cref="ArgumentException">Nothing to average.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Variable Mean(Variable x, int? axis = null, bool keepDims = false)
    {
        CallContext context = Operands.ContextOf(nameof(Mean), x);
        var view = new AxisView(x.Shape, axis, keepDims);
        if (view.Size == 0)
            Throw.Shape(nameof(Mean), x.Shape, "at least one element to average", "An empty batch has no mean: skip it.");
        return context.Run(new SumNode(context, x, view, 1f / view.Size), view.Result);
    }
}

/// <summary>A sum along one axis of (outer, size, inner), times a constant.</summary>
internal sealed class SumNode : GradientNode
{
    private readonly Operand _x;
    private readonly AxisView _view;
    private readonly float _scale;

    public SumNode(CallContext context, Variable x, AxisView view, float scale)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _view = view;
        _scale = scale;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        Span<float> y = output.AsSpan();
        if (_view.Outer == 1 && _view.Inner == 1)
            y[0] = Reductions.Sum(Workers, x);
        else if (_view.Inner == 1)
            Reductions.SumColumns(Workers, _view.Outer, _view.Size, x, y, accumulate: false);
        else
            for (int outer = 0, block = _view.Size * _view.Inner; outer < _view.Outer; outer++)
                Reductions.SumRows(Workers, _view.Size, _view.Inner, x.Slice(outer * block, block), y.Slice(outer * _view.Inner, _view.Inner), accumulate: false);
        if (_scale != 1f)
            Elementwise.Scale(Workers, y, _scale, y);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        ReadOnlySpan<float> from = dy.AsSpan();
        Span<float> dx = destinations[0].Span;
        bool accumulate = destinations[0].Accumulate;
        if (_view.Inner == 1)
        {
            for (int outer = 0; outer < _view.Outer; outer++)
                Repeat(from[outer] * _scale, dx.Slice(outer * _view.Size, _view.Size), accumulate);
            return;
        }
        for (int row = 0; row < _view.Outer * _view.Size; row++)
            Copy(from.Slice(row / _view.Size * _view.Inner, _view.Inner), dx.Slice(row * _view.Inner, _view.Inner), accumulate);
    }

    private static void Repeat(float value, Span<float> dx, bool accumulate)
    {
        if (!accumulate)
        {
            dx.Fill(value);
            return;
        }
        for (int i = 0; i < dx.Length; i++)
            dx[i] += value;
    }

    private void Copy(ReadOnlySpan<float> from, Span<float> dx, bool accumulate)
    {
        if (accumulate)
            Elementwise.AddScaled(Workers, from, _scale, dx);
        else
            Elementwise.Scale(Workers, from, _scale, dx);
    }
}
