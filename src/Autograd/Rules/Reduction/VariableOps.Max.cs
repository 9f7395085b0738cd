using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>The greatest element along one axis, or of all; NaN wins. Gradient: dy to the first greatest element, 0 to the others.</summary>
    /// <param name="x">Any shape without an empty reduced axis.</param>
    /// <param name="axis">The axis, negative counts from the last; null for all.</param>
    /// <param name="keepDims">True to leave reduced axes as size 1.</param>
    /// <exception cref="ArgumentException">Nothing to choose from.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Variable Max(Variable x, int? axis = null, bool keepDims = false)
    {
        CallContext context = Operands.ContextOf(nameof(Max), x);
        var view = new AxisView(x.Shape, axis, keepDims);
        if (view.Size == 0)
            Throw.Shape(nameof(Max), x.Shape, "at least one element to choose from", "An empty batch has no maximum: skip it.");
        if (view.Inner < 2)
            return context.Run(new MaxNode(context, x, view), view.Result);
        // An axis with others behind it is one window over steps.
        WindowAxis whole = WindowAxis.Create(nameof(Max), "entries", view.Size, view.Size, 1, 1, ConvolutionPadding.Valid);
        return context.Run(new MaxPoolingNode(context, x, Pool2DShape.OfSequences(view.Outer, whole, view.Inner)), view.Result);
    }
}

/// <summary>The maximum along the last axis; keeps where it was found.</summary>
internal sealed class MaxNode : GradientNode
{
    private readonly Operand _x;
    private readonly AxisView _view;
    private readonly Tensor<float> _positions;

    public MaxNode(CallContext context, Variable x, AxisView view)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _view = view;
        _positions = Keep(view.Result);
    }

    // Integers in float memory, bit for bit: the allocator hands out floats only, and a float's value is exact up to 16,777,216.
    private Span<int> Positions => MemoryMarshal.Cast<float, int>(_positions.AsSpan());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        Span<float> y = output.AsSpan();
        Span<int> positions = Positions;
        for (int i = 0; i < y.Length; i++)
        {
            int best = i * _view.Size;
            for (int position = best + 1; position < (i + 1) * _view.Size; position++)
            {
                if (x[position] > x[best] || (float.IsNaN(x[position]) && !float.IsNaN(x[best])))
                    best = position;
            }
            positions[i] = best;
            y[i] = x[best];
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        Span<float> dx = destinations[0].Span;
        if (!destinations[0].Accumulate)
            dx.Clear();
        ReadOnlySpan<float> from = dy.AsSpan();
        ReadOnlySpan<int> positions = Positions;
        for (int i = 0; i < from.Length; i++)
            dx[positions[i]] += from[i];
    }
}
