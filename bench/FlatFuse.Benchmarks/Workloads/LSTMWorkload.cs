using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>An LSTM over whole sequences, forward (inference) or forward and backward: gradients of input, kernels and bias.</summary>
internal sealed class LSTMWorkload : RecurrentWorkload
{
    private readonly LSTMShape _shape;
    private readonly bool _backward;
    private readonly bool _lastOnly;
    private readonly Lazy<RecurrentTensors> _operands;

    public LSTMWorkload(int[] sizes, bool backward)
        : base(sizes, gates: 4, backward)
    {
        _shape = new LSTMShape(sizes[0], sizes[1], sizes[2], sizes[3]);
        _backward = backward;
        _operands = new(() => new(Sizes, gates: 4, biases: 4));
    }

    /// <summary>Forward and backward where only the last state is learnt from; the forget gate's bias decides whether its gradient lasts.</summary>
    public LSTMWorkload(int[] sizes, float forgetBias)
        : this(sizes, backward: true)
    {
        _lastOnly = true;
        _operands.Value.Bias.AsSpan().Slice(_shape.Units, _shape.Units).Fill(forgetBias);
    }

    public override IReadOnlyList<Contender> Others =>
    [
        new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null),
        .. _lastOnly ? [] : OneDnn("onednn", OneDnnCell.LSTM, () => Ours(KernelSets.Default, threads: 1)),
    ];

    protected override string Layer => "LSTM";

    protected override RecurrentTensors Operands => _operands.Value;

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        RecurrentTensors o = Operands;
        Tensor<float> saved = Room(LSTMKernel.SavedLength(_shape));
        return () =>
        {
            var operands = new LSTMOperands { X = o.X.AsSpan(), Kernel = o.Kernel.AsSpan(), RecurrentKernel = o.Recurrent.AsSpan(), Bias = o.Bias.AsSpan() };
            LSTMKernel.Forward(workers, _shape, operands, _lastOnly ? default : o.Y.AsSpan(), default, default, _backward ? saved.AsSpan() : default);
            if (!_backward)
                return;
            var gradients = new LSTMGradients
            {
                X = o.DX.AsSpan(), Kernel = o.DKernel.AsSpan(), RecurrentKernel = o.DRecurrent.AsSpan(), Bias = o.DBias.AsSpan(),
            };
            LSTMKernel.Backward(workers, _shape, operands, saved.AsSpan(), _lastOnly ? default : o.DY.AsSpan(), _lastOnly ? o.DLastH.AsSpan() : default, default, gradients);
        };
    }

    private void Naive()
    {
        RecurrentTensors o = Operands;
        var operands = new NaiveLSTMOperands<float> { X = o.X.AsSpan(), Kernel = o.Kernel.AsSpan(), RecurrentKernel = o.Recurrent.AsSpan(), Bias = o.Bias.AsSpan() };
        if (!_backward)
        {
            NaiveLSTM<float>.Forward(_shape, operands, o.Y.AsSpan(), default, default);
            return;
        }
        var gradients = new NaiveLSTMGradients<float>
        {
            X = o.DX.AsSpan(), Kernel = o.DKernel.AsSpan(), RecurrentKernel = o.DRecurrent.AsSpan(), Bias = o.DBias.AsSpan(), H0 = o.DH0.AsSpan(), C0 = o.DC0.AsSpan(),
        };
        NaiveLSTM<float>.Backward(_shape, operands, o.DY.AsSpan(), default, default, gradients);
    }
}
