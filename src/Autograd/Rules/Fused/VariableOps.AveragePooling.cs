using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// The mean of each window over steps, channel by channel; padding is not counted. Gradient: dy divided by the count of real steps, to each of them.
    /// </summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="poolSize">Steps in a window, 1 or more.</param>
    /// <param name="stride">Steps from one window to the next; the pool size when null.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <returns>(batch, output steps, channels).</returns>
    /// <exception cref="ArgumentException">The rank is not 3, or no whole window fits the sequence.</exception>
    public static Variable AveragePooling1D(Variable x, int poolSize = 2, int? stride = null, ConvolutionPadding padding = ConvolutionPadding.Valid)
    {
        CallContext context = Operands.ContextOf(nameof(AveragePooling1D), x);
        Pool2DShape shape = SequencePooling(nameof(AveragePooling1D), x, poolSize, stride ?? poolSize, padding);
        return context.Run(new AveragePoolingNode(context, x, shape), x.Shape[0], shape.Columns.OutputLength, x.Shape[2]);
    }

    /// <summary>
    /// The mean of each window over rows and columns, channel by channel; padding is not counted. Gradient: dy divided by the count of real
    /// entries, to each of them.
    /// </summary>
    /// <param name="x">(batch, rows, columns, channels).</param>
    /// <param name="poolSize">Rows and columns in a window, 1 or more.</param>
    /// <param name="strides">Entries from one window to the next; the pool size when null.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <returns>(batch, output rows, output columns, channels).</returns>
    /// <exception cref="ArgumentException">The rank is not 4, or no whole window fits the image.</exception>
    public static Variable AveragePooling2D(
        Variable x, (int Rows, int Columns) poolSize, (int Rows, int Columns)? strides = null, ConvolutionPadding padding = ConvolutionPadding.Valid)
    {
        CallContext context = Operands.ContextOf(nameof(AveragePooling2D), x);
        Pool2DShape shape = ImagePooling(nameof(AveragePooling2D), x, poolSize, strides ?? poolSize, padding);
        return context.Run(new AveragePoolingNode(context, x, shape), x.Shape[0], shape.Rows.OutputLength, shape.Columns.OutputLength, x.Shape[3]);
    }

    private static Pool2DShape SequencePooling(string operation, Variable x, int poolSize, int stride, ConvolutionPadding padding)
    {
        if (x.Rank != 3)
            Throw.Operand(operation, "x", x.Shape, "(batch, steps, channels)", "A flattened value has lost its steps: pool before Flatten.");
        return Pool2DShape.OfSequences(x.Shape[0], WindowAxis.Create(operation, "steps", x.Shape[1], poolSize, stride, 1, padding), x.Shape[2]);
    }

    private static Pool2DShape ImagePooling(string operation, Variable x, (int Rows, int Columns) poolSize, (int Rows, int Columns) strides, ConvolutionPadding padding)
    {
        if (x.Rank != 4)
            Throw.Operand(operation, "x", x.Shape, "(batch, rows, columns, channels)", "Pool sequences with the operation for one axis.");
        return Pool2DShape.Create(
            x.Shape[0],
            WindowAxis.Create(operation, "rows", x.Shape[1], poolSize.Rows, strides.Rows, 1, padding),
            WindowAxis.Create(operation, "columns", x.Shape[2], poolSize.Columns, strides.Columns, 1, padding),
            x.Shape[3]);
    }
}

/// <summary>Mean over windows; nothing is kept, the gradient follows from the sizes.</summary>
internal sealed class AveragePoolingNode : GradientNode
{
    private readonly Operand _x;
    private readonly Pool2DShape _shape;

    public AveragePoolingNode(CallContext context, Variable x, Pool2DShape shape)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _shape = shape;
    }

    public override void Forward(Tensor<float> output) => AveragePooling2DKernel.Forward(Workers, _shape, _x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            AveragePooling2DKernel.Backward(Workers, _shape, dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }
}
