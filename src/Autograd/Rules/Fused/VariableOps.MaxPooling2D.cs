using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// The greatest value of each window over rows and columns, channel by channel; padding counts as −∞. Gradient: dy to the first greatest
    /// entry of the window in row-major order.
    /// </summary>
    /// <param name="x">(batch, rows, columns, channels).</param>
    /// <param name="poolSize">Rows and columns in a window, 1 or more.</param>
    /// <param name="strides">Entries from one window to the next; the pool size when null.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <returns>(batch, output rows, output columns, channels).</returns>
    /// <exception cref="ArgumentException">The rank is not 4, or no whole window fits the image.</exception>
    public static Variable MaxPooling2D(
        Variable x, (int Rows, int Columns) poolSize, (int Rows, int Columns)? strides = null, ConvolutionPadding padding = ConvolutionPadding.Valid)
    {
        CallContext context = Operands.ContextOf(nameof(MaxPooling2D), x);
        Pool2DShape shape = ImagePooling(nameof(MaxPooling2D), x, poolSize, strides ?? poolSize, padding);
        return context.Run(new MaxPoolingNode(context, x, shape), x.Shape[0], shape.Rows.OutputLength, shape.Columns.OutputLength, x.Shape[3]);
    }
}

/// <summary>Maximum over windows of rows and columns, or of steps, which are columns of one row; keeps where each was found while a backward pass may follow.</summary>
internal sealed class MaxPoolingNode : GradientNode
{
    private readonly Operand _x;
    private readonly Pool2DShape _shape;
    private readonly Tensor<float>? _positions;

    public MaxPoolingNode(CallContext context, Variable x, Pool2DShape shape)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _shape = shape;
        _positions = KeepsHistory ? Keep(shape.Batch, shape.Rows.OutputLength, shape.Columns.OutputLength, shape.Channels) : null;
    }

    // Integers in float memory, bit for bit: the allocator hands out floats only.
    private Span<int> Positions => _positions is null ? default : MemoryMarshal.Cast<float, int>(_positions.AsSpan());

    public override void Forward(Tensor<float> output) => MaxPooling2DKernel.Forward(Workers, _shape, _x.Read(), output.AsSpan(), Positions);

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            MaxPooling2DKernel.Backward(Workers, _shape, dy.AsSpan(), Positions, destinations[0].Span, destinations[0].Accumulate);
    }
}
