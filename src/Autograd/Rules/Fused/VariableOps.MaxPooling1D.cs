using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

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
        if (x.Rank != 3)
            Throw.Operand(nameof(MaxPooling1D), "x", x.Shape, "(batch, steps, channels)", "A flattened value has lost its steps: pool before Flatten.");
        Pool1DShape shape = Pool1DShape.Create(x.Shape[0], x.Shape[1], x.Shape[2], poolSize, stride ?? poolSize, padding);
        return context.Run(new MaxPooling1DNode(context, x, shape), x.Shape[0], shape.OutputLength, x.Shape[2]);
    }
}

/// <summary>Maximum over windows; keeps where each was found while a backward pass may follow.</summary>
internal sealed class MaxPooling1DNode : GradientNode
{
    private readonly Operand _x;
    private readonly Pool1DShape _shape;
    private readonly Tensor<float>? _positions;

    public MaxPooling1DNode(CallContext context, Variable x, Pool1DShape shape)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _shape = shape;
        _positions = KeepsHistory ? Keep(x.Shape[0], shape.OutputLength, x.Shape[2]) : null;
    }

    // Integers in float memory, bit for bit: the allocator hands out floats only.
    private Span<int> Positions => _positions is null ? default : MemoryMarshal.Cast<float, int>(_positions.AsSpan());

    public override void Forward(Tensor<float> output) => MaxPooling1DKernel.Forward(Workers, _shape, _x.Read(), output.AsSpan(), Positions);

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            MaxPooling1DKernel.Backward(Workers, _shape, dy.AsSpan(), Positions, destinations[0].Span, destinations[0].Accumulate);
    }
}
