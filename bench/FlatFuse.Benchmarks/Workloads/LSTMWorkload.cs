using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>An LSTM over whole sequences, forward (inference) or forward and backward: gradients of input, kernels and bias.</summary>
internal sealed class LSTMWorkload : Workload
{
    private readonly LSTMShape _shape;
    private readonly bool _backward;
    private readonly bool _lastOnly;
    private readonly Lazy<Operands> _operands;

    public LSTMWorkload(int[] sizes, bool backward)
        : base($"{string.Join(' ', sizes)}{(backward ? " fwd+bwd" : " fwd")}")
    {
        _shape = new LSTMShape(sizes[0], sizes[1], sizes[2], sizes[3]);
        _backward = backward;
        _operands = new(() => new Operands(_shape));
    }

    /// <summary>Forward and backward where only the last state is learnt from; the forget gate's bias decides whether its gradient lasts.</summary>
    public LSTMWorkload(int[] sizes, float forgetBias)
        : this(sizes, backward: true)
    {
        _lastOnly = true;
        _operands.Value.Bias.AsSpan().Slice(_shape.Units, _shape.Units).Fill(forgetBias);
    }

    public override double Flops => (_backward ? 3 : 1) * 8.0 * _shape.Batch * _shape.Steps * _shape.Units * (_shape.Features + _shape.Units);

    public override (string Workload, string Metric)? Peer
        => ($"LSTM({_shape.Features},{_shape.Units})_B{_shape.Batch}_T{_shape.Steps}", _backward ? "forward_backward_median" : "forward_median");

    public override IReadOnlyList<Contender> Others => [new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null)];

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        Operands o = _operands.Value;
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
        Operands o = _operands.Value;
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

    private sealed class Operands(LSTMShape s)
    {
        public Tensor<float> X { get; } = Numbers(3, 1, s.Batch * s.Steps * s.Features);

        // Weights as an initializer draws them: larger ones would saturate the gates.
        public Tensor<float> Kernel { get; } = Numbers(1, 0.1, 4 * s.Features * s.Units);

        public Tensor<float> Recurrent { get; } = Numbers(2, 0.1, 4 * s.Units * s.Units);

        public Tensor<float> Bias { get; } = Room(4 * s.Units);

        public Tensor<float> Y { get; } = Room(s.Batch * s.Steps * s.Units);

        public Tensor<float> DY { get; } = Numbers(4, 1, s.Batch * s.Steps * s.Units);

        public Tensor<float> DLastH { get; } = Numbers(5, 1, s.Batch * s.Units);

        public Tensor<float> DX { get; } = Room(s.Batch * s.Steps * s.Features);

        public Tensor<float> DKernel { get; } = Room(4 * s.Features * s.Units);

        public Tensor<float> DRecurrent { get; } = Room(4 * s.Units * s.Units);

        public Tensor<float> DBias { get; } = Room(4 * s.Units);

        public Tensor<float> DH0 { get; } = Room(s.Batch * s.Units);

        public Tensor<float> DC0 { get; } = Room(s.Batch * s.Units);
    }
}
