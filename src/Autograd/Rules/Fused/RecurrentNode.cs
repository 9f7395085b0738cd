using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>A recurrent layer with one state over all steps. Its output packs the sequences (when wanted) and the last h into one buffer.</summary>
internal abstract class RecurrentNode : GradientNode
{
    private readonly Operand[] _operands;
    private readonly int _bias;
    private readonly int _h0;
    private readonly int _mask;
    private readonly int _recurrentMask;

    protected RecurrentNode(CallContext context, in RecurrentVariables operands, bool sequences, int batch, int steps, int units)
        : base(context, operands.Present())
    {
        _operands = new Operand[Inputs.Length];
        for (int i = 0; i < _operands.Length; i++)
            _operands[i] = new Operand(context, Inputs[i]);
        int next = 3;
        _bias = operands.Bias is null ? -1 : next++;
        _h0 = operands.H0 is null ? -1 : next++;
        _mask = operands.Mask is null ? -1 : next++;
        _recurrentMask = operands.RecurrentMask is null ? -1 : next;
        HasSequences = sequences;
        LastHStart = sequences ? batch * steps * units : 0;
        PackedLength = LastHStart + (batch * units);
    }

    public bool HasSequences { get; }

    public int LastHStart { get; }

    public int PackedLength { get; }

    public sealed override void Forward(Tensor<float> output)
    {
        Span<float> packed = output.AsSpan();
        Forward(Read(), packed[..LastHStart], packed[LastHStart..]);
    }

    public sealed override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> packed = dy.AsSpan();
        GradientDestination x = destinations[0], kernel = destinations[1], recurrentKernel = destinations[2];
        GradientDestination bias = At(destinations, _bias), h0 = At(destinations, _h0);
        Backward(Read(), packed[..LastHStart], packed[LastHStart..], new RecurrentGradients
        {
            X = Target(x),
            Kernel = Target(kernel),
            RecurrentKernel = Target(recurrentKernel),
            Bias = Target(bias),
            H0 = Target(h0),
            AccumulateX = x.Accumulate,
            AccumulateKernel = kernel.Accumulate,
            AccumulateRecurrentKernel = recurrentKernel.Accumulate,
            AccumulateBias = bias.Accumulate,
            AccumulateH0 = h0.Accumulate,
        });
        Operands.WriteNothing(At(destinations, _mask));
        Operands.WriteNothing(At(destinations, _recurrentMask));
    }

    protected abstract void Forward(in RecurrentOperands operands, Span<float> sequences, Span<float> lastH);

    protected abstract void Backward(in RecurrentOperands operands, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH, in RecurrentGradients gradients);

    private static GradientDestination At(ReadOnlySpan<GradientDestination> destinations, int index) => index < 0 ? default : destinations[index];

    private static Span<float> Target(GradientDestination destination) => destination.IsNeeded ? destination.Span : default;

    private RecurrentOperands Read() => new()
    {
        X = _operands[0].Read(),
        Kernel = _operands[1].Read(),
        RecurrentKernel = _operands[2].Read(),
        Bias = ReadAt(_bias),
        H0 = ReadAt(_h0),
        Mask = ReadAt(_mask),
        RecurrentMask = ReadAt(_recurrentMask),
    };

    private ReadOnlySpan<float> ReadAt(int index) => index < 0 ? default : _operands[index].Read();
}
