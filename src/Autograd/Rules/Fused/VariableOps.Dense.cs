using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>y = act(x · W + b)</c> over the last axis, one node. Gradient, with <c>dz = dy · act′</c>:
    /// <c>dW = xᵀ · dz</c>, <c>db = Σ dz</c>, <c>dx = dz · Wᵀ</c>.
    /// </summary>
    /// <param name="x">(batch, …, inputs), rank 2 or more.</param>
    /// <param name="kernel">W: (inputs, units).</param>
    /// <param name="bias">b: (units), or null.</param>
    /// <param name="activation">act.</param>
    /// <returns>(batch, …, units).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Variable Dense(Variable x, Variable kernel, Variable? bias = null, ActivationKind activation = ActivationKind.Linear)
    {
        CallContext context = Operands.ContextOf(nameof(Dense), x, kernel, bias);
        if (x.Rank < 2)
            Throw.Operand(nameof(Dense), "x", x.Shape, "(batch, …, inputs)", "Reshape a vector to one row.");
        if (kernel.Rank != 2 || kernel.Shape[0] != x.Shape[^1])
            Throw.Pair(nameof(Dense), "the last axis does not meet the kernel", x.Shape, kernel.Shape, $"kernel ({x.Shape[^1]}, units)", "Did you forget Flatten()?");
        int units = kernel.Shape[1];
        CheckBias(nameof(Dense), bias, units);
        int[] shape = [.. x.Shape[..^1], units];
        return context.Run(new DenseNode(context, x, kernel, bias, activation, shape), shape);
    }

    private static void CheckBias(string operation, Variable? bias, int units)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != units))
            Throw.Operand(operation, "bias", bias.Shape, $"({units},)", "Give one number for each output channel, or null for none.");
    }
}

/// <summary>A product with bias and activation in its epilogue; all leading axes are rows.</summary>
internal sealed class DenseNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly int _rows;
    private readonly int _inputs;
    private readonly int _units;
    private readonly bool _updates;

    public DenseNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, ReadOnlySpan<int> shape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, shape, KeepsHistory);
        _rows = Shapes.Count(shape[..^1]);
        _inputs = kernel.Shape[0];
        _units = kernel.Shape[1];
        _updates = KeepsHistory && kernel.RequiresGradient;
    }

    public override void Forward(Tensor<float> output)
    {
        var epilogue = new GemmEpilogue { Bias = _bias is { } bias ? bias.Read() : default, Activation = _activation.Fused };
        Gemm.Multiply(Workers, new GemmShape(_rows, _units, _inputs) { UpdatesB = _updates }, _x.Read(), _kernel.Read(), _activation.Target(output), epilogue);
        _activation.Finish(Workers, output);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> dz = _activation.Backward(Workers, Output.Value, dy);
        if (destinations[0].IsNeeded)
        {
            Gemm.Multiply(
                Workers, new GemmShape(_rows, _inputs, _units) { TransposeB = true }, dz, _kernel.Read(), destinations[0].Span,
                new GemmEpilogue { Accumulate = destinations[0].Accumulate });
        }
        if (destinations[1].IsNeeded)
        {
            Gemm.Multiply(
                Workers, new GemmShape(_inputs, _units, _rows) { TransposeA = true }, _x.Read(), dz, destinations[1].Span,
                new GemmEpilogue { Accumulate = destinations[1].Accumulate });
        }
        if (destinations.Length > 2 && destinations[2].IsNeeded)
            Reductions.SumRows(Workers, _rows, _units, dz, destinations[2].Span, destinations[2].Accumulate);
    }
}
