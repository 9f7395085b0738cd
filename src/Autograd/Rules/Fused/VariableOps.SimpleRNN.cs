using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// A whole simple recurrent sequence, one node: h′ = a(x K + h R + b). Gradient: backpropagation through time to x, K, R, b and h0.
    /// </summary>
    /// <param name="x">(batch, steps, features).</param>
    /// <param name="kernel">K: (features, units).</param>
    /// <param name="recurrentKernel">R: (units, units).</param>
    /// <param name="bias">b: (units), or null.</param>
    /// <param name="h0">The initial h, (batch, units); zeros when null.</param>
    /// <param name="mask">(batch, steps): 0 where a step keeps the state; its output is h again, so before the first real step the initial one, which the layers then replace by zeros. Null when all steps are real. Gets no gradient.</param>
    /// <param name="recurrentMask">(batch, units): factors of h on its way into the product with R (dropout); null for none. Gets no gradient.</param>
    /// <param name="options">Keras's defaults when null.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static RecurrentResult SimpleRNN(
        Variable x, Variable kernel, Variable recurrentKernel, Variable? bias = null, Variable? h0 = null, Variable? mask = null,
        Variable? recurrentMask = null, SimpleRNNOptions? options = null)
    {
        options ??= new SimpleRNNOptions();
        CallContext context = Operands.ContextOf(nameof(SimpleRNN), x, kernel, recurrentKernel, bias, h0, mask, recurrentMask);
        CheckRecurrent(nameof(SimpleRNN), 1, x, kernel, recurrentKernel, h0, mask, recurrentMask);
        int units = recurrentKernel.Shape[0];
        CheckBias(nameof(SimpleRNN), bias, units);
        var shape = new SimpleRNNShape(x.Shape[0], x.Shape[1], x.Shape[2], units) { GoBackwards = options.GoBackwards, Activation = options.Activation };
        var operands = new RecurrentVariables(x, kernel, recurrentKernel, bias, h0, mask, recurrentMask);
        return Unpack(context, new SimpleRNNNode(context, shape, operands, options.ReturnSequences), shape.Batch, shape.Steps, units);
    }
}

/// <summary>A simple recurrent layer over all steps.</summary>
internal sealed class SimpleRNNNode : RecurrentNode
{
    private readonly SimpleRNNShape _shape;
    private readonly Tensor<float>? _saved;

    public SimpleRNNNode(CallContext context, SimpleRNNShape shape, in RecurrentVariables operands, bool sequences)
        : base(context, operands, sequences, shape.Batch, shape.Steps, shape.Units)
    {
        _shape = shape;
        if (KeepsHistory)
            _saved = Keep(SimpleRNNKernel.SavedLength(shape));
    }

    protected override void Forward(in RecurrentOperands operands, Span<float> sequences, Span<float> lastH)
        => SimpleRNNKernel.Forward(Workers, _shape, operands, sequences, lastH, _saved is null ? default : _saved.AsSpan());

    protected override void Backward(in RecurrentOperands operands, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
        => SimpleRNNKernel.Backward(Workers, _shape, operands, _saved!.AsSpan(), dSequences, dLastH, gradients);
}
