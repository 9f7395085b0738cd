using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// The greatest value of each window over steps, channel by channel; padding counts as −∞. Gradient: dy to the first greatest step of the window.
    /// </summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="poolSize">Steps in a window, 1 or more.</param>
    /// <param name="stride">Steps from one window to the next; the pool size when null.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <returns>(batch, output steps, channels).</returns>
    /// <exception cref="ArgumentException">The rank is not 3, or no whole window fits the sequence.</exception>
    public static Variable MaxPooling1D(Variable x, int poolSize = 2, int? stride = null, ConvolutionPadding padding = ConvolutionPadding.Valid)
    {
        CallContext context = Operands.ContextOf(nameof(MaxPooling1D), x);
        Pool2DShape shape = SequencePooling(nameof(MaxPooling1D), x, poolSize, stride ?? poolSize, padding);
        return context.Run(new MaxPoolingNode(context, x, shape), x.Shape[0], shape.Columns.OutputLength, x.Shape[2]);
    }
}
