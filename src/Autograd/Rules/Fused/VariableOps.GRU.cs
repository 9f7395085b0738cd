using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// A whole GRU sequence, one node: z, r = recurrent activation of x K + h R + b; the candidate a(x K_h + b_h + r (h R_h + b'_h)), or
    /// a(x K_h + (r h) R_h + b_h) when the reset comes before the product; h′ = z h + (1 − z) candidate. Gates in Keras's order z, r, h.
    /// Gradient: backpropagation through time to x, K, R, b and h0.
    /// </summary>
    /// <param name="x">(batch, steps, features).</param>
    /// <param name="kernel">K: (features, 3 · units).</param>
    /// <param name="recurrentKernel">R: (units, 3 · units).</param>
    /// <param name="bias">(2, 3 · units) when the reset comes after the product, else (3 · units); or null.</param>
    /// <param name="h0">The initial h, (batch, units); zeros when null.</param>
    /// <param name="mask">(batch, steps): 0 where a step keeps the state; its output is h again, so before the first real step the initial one, which the layers then replace by zeros. Null when all steps are real. Gets no gradient.</param>
    /// <param name="recurrentMask">(batch, units): factors of h on its way into the products with R (dropout); null for none. Gets no gradient.</param>
    /// <param name="options">Keras's defaults when null.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static RecurrentResult GRU(
        Variable x, Variable kernel, Variable recurrentKernel, Variable? bias = null, Variable? h0 = null, Variable? mask = null,
        Variable? recurrentMask = null, GRUOptions? options = null)
    {
        options ??= new GRUOptions();
        CallContext context = Operands.ContextOf(nameof(GRU), x, kernel, recurrentKernel, bias, h0, mask, recurrentMask);
        CheckRecurrent(nameof(GRU), 3, x, kernel, recurrentKernel, h0, mask, recurrentMask);
        int units = recurrentKernel.Shape[0];
        if (bias is not null && options.ResetAfter && (bias.Rank != 2 || bias.Shape[0] != 2 || bias.Shape[1] != 3 * units))
            Throw.Operand(nameof(GRU), "bias", bias.Shape, $"(2, {3 * units})", "Reset after the product has one bias for x and one for h.");
        if (!options.ResetAfter)
            CheckBias(nameof(GRU), bias, 3 * units);
        var shape = new GRUShape(x.Shape[0], x.Shape[1], x.Shape[2], units)
        {
            ResetAfter = options.ResetAfter,
            GoBackwards = options.GoBackwards,
            Activation = options.Activation,
            RecurrentActivation = options.RecurrentActivation,
        };
        var operands = new RecurrentVariables(x, kernel, recurrentKernel, bias, h0, mask, recurrentMask);
        return Unpack(context, new GRUNode(context, shape, operands, options.ReturnSequences), shape.Batch, shape.Steps, units);
    }

    private static RecurrentResult Unpack(CallContext context, RecurrentNode node, int batch, int steps, int units)
    {
        Variable packed = context.Run(node, node.PackedLength);
        Variable lastH = Window(packed, node.LastHStart, [batch, units]);
        return new RecurrentResult(node.HasSequences ? Window(packed, 0, [batch, steps, units]) : lastH, lastH);
    }

    private static void CheckRecurrent(
        string operation, int gates, Variable x, Variable kernel, Variable recurrentKernel, Variable? h0, Variable? mask, Variable? recurrentMask)
    {
        string columns = gates == 1 ? "units" : "3 · units";
        if (x.Rank != 3)
            Throw.Operand(operation, "x", x.Shape, "(batch, steps, features)", "A flattened value has lost its steps: Reshape it.");
        if (recurrentKernel.Rank != 2 || recurrentKernel.Shape[1] != gates * recurrentKernel.Shape[0])
            Throw.Operand(operation, "recurrent kernel", recurrentKernel.Shape, $"(units, {columns})", "Gates lie side by side.");
        int units = recurrentKernel.Shape[0];
        if (kernel.Rank != 2 || kernel.Shape[0] != x.Shape[2] || kernel.Shape[1] != gates * units)
            Throw.Pair(operation, "features or units do not meet the kernel", x.Shape, kernel.Shape, $"kernel ({x.Shape[2]}, {gates * units})", "Gates lie side by side.");
        CheckMatrix(operation, "h0", h0, x.Shape[0], units);
        CheckMatrix(operation, "mask", mask, x.Shape[0], x.Shape[1]);
        CheckMatrix(operation, "recurrent mask", recurrentMask, x.Shape[0], units);
    }

    private static void CheckMatrix(string operation, string operand, Variable? value, int rows, int columns)
    {
        if (value is not null && (value.Rank != 2 || value.Shape[0] != rows || value.Shape[1] != columns))
            Throw.Operand(operation, operand, value.Shape, $"({rows}, {columns})", "It belongs to the same batch as x.");
    }
}

/// <summary>A GRU over all steps.</summary>
internal sealed class GRUNode : RecurrentNode
{
    private readonly GRUShape _shape;
    private readonly Tensor<float>? _saved;

    public GRUNode(CallContext context, GRUShape shape, in RecurrentVariables operands, bool sequences)
        : base(context, operands, sequences, shape.Batch, shape.Steps, shape.Units)
    {
        _shape = shape;
        if (KeepsHistory)
            _saved = Keep(GRUKernel.SavedLength(shape));
    }

    protected override void Forward(in RecurrentOperands operands, Span<float> sequences, Span<float> lastH)
        => GRUKernel.Forward(Workers, _shape, operands, sequences, lastH, _saved is null ? default : _saved.AsSpan());

    protected override void Backward(in RecurrentOperands operands, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
        => GRUKernel.Backward(Workers, _shape, operands, _saved!.AsSpan(), dSequences, dLastH, gradients);
}
