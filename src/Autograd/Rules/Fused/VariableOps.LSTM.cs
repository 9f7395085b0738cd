using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// A whole LSTM sequence, one node: z = x K + h R + b; i, f, o = recurrent activation, g = activation; c′ = f c + i g; h′ = o · activation(c′).
    /// Gates in Keras's order i, f, c, o. Gradient: backpropagation through time to x, K, R, b, h0 and c0.
    /// </summary>
    /// <param name="x">(batch, steps, features).</param>
    /// <param name="kernel">K: (features, 4 · units).</param>
    /// <param name="recurrentKernel">R: (units, 4 · units).</param>
    /// <param name="bias">b: (4 · units), or null.</param>
    /// <param name="h0">The initial h, (batch, units); zeros when null.</param>
    /// <param name="c0">The initial c, (batch, units); zeros when null.</param>
    /// <param name="mask">(batch, steps): 0 where a step keeps the state; its output is h again, so before the first real step the initial one, which the layers then replace by zeros. Null when all steps are real. Gets no gradient.</param>
    /// <param name="options">Keras's defaults when null.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static LSTMResult LSTM(
        Variable x, Variable kernel, Variable recurrentKernel, Variable? bias = null,
        Variable? h0 = null, Variable? c0 = null, Variable? mask = null, LSTMOptions? options = null)
    {
        options ??= new LSTMOptions();
        CallContext context = Operands.ContextOf(nameof(LSTM), x, kernel, recurrentKernel, bias, h0, c0, mask);
        LSTMShape shape = CheckLSTM(x, kernel, recurrentKernel, bias, h0, c0, mask) with
        {
            GoBackwards = options.GoBackwards,
            Activation = options.Activation,
            RecurrentActivation = options.RecurrentActivation,
        };
        var node = new LSTMNode(context, shape, options.ReturnSequences, x, kernel, recurrentKernel, bias, h0, c0, mask);
        Variable packed = context.Run(node, node.PackedLength);
        Variable lastH = Window(packed, node.LastHStart, [shape.Batch, shape.Units]);
        Variable lastC = Window(packed, node.LastCStart, [shape.Batch, shape.Units]);
        Variable output = options.ReturnSequences ? Window(packed, 0, [shape.Batch, shape.Steps, shape.Units]) : lastH;
        return new LSTMResult(output, lastH, lastC);
    }

    private static LSTMShape CheckLSTM(Variable x, Variable kernel, Variable recurrentKernel, Variable? bias, Variable? h0, Variable? c0, Variable? mask)
    {
        if (x.Rank != 3)
            Throw.Operand(nameof(LSTM), "x", x.Shape, "(batch, steps, features)", "A flattened value has lost its steps: Reshape it.");
        int batch = x.Shape[0], steps = x.Shape[1], features = x.Shape[2];
        if (recurrentKernel.Rank != 2 || recurrentKernel.Shape[1] != 4 * recurrentKernel.Shape[0])
            Throw.Operand(nameof(LSTM), "recurrent kernel", recurrentKernel.Shape, "(units, 4 · units)", "The gates i, f, c, o lie side by side.");
        int units = recurrentKernel.Shape[0];
        if (kernel.Rank != 2 || kernel.Shape[0] != features || kernel.Shape[1] != 4 * units)
            Throw.Pair(nameof(LSTM), "features or units do not meet the kernel", x.Shape, kernel.Shape, $"kernel ({features}, {4 * units})", "The gates i, f, c, o lie side by side.");
        CheckBias(nameof(LSTM), bias, 4 * units);
        CheckPair("h0", h0, batch, units);
        CheckPair("c0", c0, batch, units);
        CheckPair("mask", mask, batch, steps);
        return new LSTMShape(batch, steps, features, units);
    }

    private static void CheckPair(string operand, Variable? value, int first, int second)
    {
        if (value is not null && (value.Rank != 2 || value.Shape[0] != first || value.Shape[1] != second))
            Throw.Operand(nameof(LSTM), operand, value.Shape, $"({first}, {second})", "It belongs to the same batch as x.");
    }
}

/// <summary>An LSTM over all steps. Its output packs the sequences (when wanted), the last h and the last c into one buffer.</summary>
internal sealed class LSTMNode : GradientNode
{
    private readonly LSTMShape _shape;
    private readonly Operand[] _operands;
    private readonly int _bias;
    private readonly int _h0;
    private readonly int _c0;
    private readonly int _mask;
    private readonly Tensor<float>? _saved;
    private readonly Tensor<float>? _secondState;

    public LSTMNode(
        CallContext context, LSTMShape shape, bool sequences, Variable x, Variable kernel, Variable recurrentKernel,
        Variable? bias, Variable? h0, Variable? c0, Variable? mask)
        : base(context, Present(x, kernel, recurrentKernel, bias, h0, c0, mask))
    {
        _shape = shape;
        _operands = new Operand[Inputs.Length];
        for (int i = 0; i < _operands.Length; i++)
            _operands[i] = new Operand(context, Inputs[i]);
        int next = 3;
        _bias = bias is null ? -1 : next++;
        _h0 = h0 is null ? -1 : next++;
        _c0 = c0 is null ? -1 : next++;
        _mask = mask is null ? -1 : next;
        int state = shape.Batch * shape.Units;
        LastHStart = sequences ? state * shape.Steps : 0;
        LastCStart = LastHStart + state;
        PackedLength = LastCStart + state;
        if (!KeepsHistory)
            return;
        _saved = Keep(LSTMKernel.SavedLength(shape));
        // One variable as both states: the kernel may write either gradient first, so the second goes through memory of its own.
        if (h0 is not null && ReferenceEquals(h0, c0))
            _secondState = Keep(shape.Batch, shape.Units);
    }

    public int LastHStart { get; }

    public int LastCStart { get; }

    public int PackedLength { get; }

    public override void Forward(Tensor<float> output)
    {
        Span<float> packed = output.AsSpan();
        LSTMKernel.Forward(
            Workers, _shape, Read(), packed[..LastHStart], packed[LastHStart..LastCStart], packed[LastCStart..],
            _saved is null ? default : _saved.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> packed = dy.AsSpan();
        GradientDestination x = destinations[0], kernel = destinations[1], recurrentKernel = destinations[2];
        GradientDestination bias = At(destinations, _bias), h0 = At(destinations, _h0), c0 = At(destinations, _c0);
        bool apart = _secondState is not null && c0.IsNeeded;
        var gradients = new LSTMGradients
        {
            X = Target(x),
            Kernel = Target(kernel),
            RecurrentKernel = Target(recurrentKernel),
            Bias = Target(bias),
            H0 = Target(h0),
            C0 = apart ? _secondState!.AsSpan() : Target(c0),
            AccumulateX = x.Accumulate,
            AccumulateKernel = kernel.Accumulate,
            AccumulateRecurrentKernel = recurrentKernel.Accumulate,
            AccumulateBias = bias.Accumulate,
            AccumulateH0 = h0.Accumulate,
            AccumulateC0 = !apart && c0.Accumulate,
        };
        LSTMKernel.Backward(
            Workers, _shape, Read(), _saved!.AsSpan(), packed[..LastHStart], packed[LastHStart..LastCStart], packed[LastCStart..], gradients);
        if (apart)
            Elementwise.AddScaled(Workers, _secondState!.AsSpan(), 1f, c0.Span);
        if (_mask >= 0)
            Operands.WriteNothing(destinations[_mask]);
    }

    private static Variable[] Present(params ReadOnlySpan<Variable?> operands)
    {
        var present = new List<Variable>(operands.Length);
        foreach (Variable? operand in operands)
        {
            if (operand is not null)
                present.Add(operand);
        }
        return [.. present];
    }

    private LSTMOperands Read() => new()
    {
        X = _operands[0].Read(),
        Kernel = _operands[1].Read(),
        RecurrentKernel = _operands[2].Read(),
        Bias = ReadAt(_bias),
        H0 = ReadAt(_h0),
        C0 = ReadAt(_c0),
        Mask = ReadAt(_mask),
    };

    private ReadOnlySpan<float> ReadAt(int index) => index < 0 ? default : _operands[index].Read();

    private static GradientDestination At(ReadOnlySpan<GradientDestination> destinations, int index) => index < 0 ? default : destinations[index];

    private static Span<float> Target(GradientDestination destination) => destination.IsNeeded ? destination.Span : default;
}
