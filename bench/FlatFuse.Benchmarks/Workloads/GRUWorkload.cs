using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A GRU over whole sequences, forward (inference) or forward and backward: gradients of input, kernels and bias.</summary>
internal sealed class GRUWorkload : Workload
{
    private readonly GRUShape _shape;
    private readonly bool _backward;
    private readonly Lazy<Operands> _operands;

    public GRUWorkload(int[] sizes, bool backward)
        : base($"{string.Join(' ', sizes)}{(backward ? " fwd+bwd" : " fwd")}")
    {
        _shape = new GRUShape(sizes[0], sizes[1], sizes[2], sizes[3]);
        _backward = backward;
        _operands = new(() => new Operands(_shape));
    }

    public override double Flops => (_backward ? 3 : 1) * 6.0 * _shape.Batch * _shape.Steps * _shape.Units * (_shape.Features + _shape.Units);

    public override (string Workload, string Metric)? Peer
        => ($"GRU({_shape.Features},{_shape.Units})_B{_shape.Batch}_T{_shape.Steps}", _backward ? "forward_backward_median" : "forward_median");

    public override IReadOnlyList<Contender> Others => [new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null)];

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        Operands o = _operands.Value;
        Tensor<float> saved = Room(GRUKernel.SavedLength(_shape));
        return () =>
        {
            var operands = new RecurrentOperands { X = o.X.AsSpan(), Kernel = o.Kernel.AsSpan(), RecurrentKernel = o.Recurrent.AsSpan(), Bias = o.Bias.AsSpan() };
            GRUKernel.Forward(workers, _shape, operands, o.Y.AsSpan(), default, _backward ? saved.AsSpan() : default);
            if (!_backward)
                return;
            var gradients = new RecurrentGradients
            {
                X = o.DX.AsSpan(), Kernel = o.DKernel.AsSpan(), RecurrentKernel = o.DRecurrent.AsSpan(), Bias = o.DBias.AsSpan(),
            };
            GRUKernel.Backward(workers, _shape, operands, saved.AsSpan(), o.DY.AsSpan(), default, gradients);
        };
    }

    private void Naive()
    {
        Operands o = _operands.Value;
        var operands = new NaiveRecurrentOperands<float> { X = o.X.AsSpan(), Kernel = o.Kernel.AsSpan(), RecurrentKernel = o.Recurrent.AsSpan(), Bias = o.Bias.AsSpan() };
        if (!_backward)
        {
            NaiveGRU<float>.Forward(_shape, operands, o.Y.AsSpan(), o.DH0.AsSpan());
            return;
        }
        var gradients = new NaiveRecurrentGradients<float>
        {
            X = o.DX.AsSpan(), Kernel = o.DKernel.AsSpan(), RecurrentKernel = o.DRecurrent.AsSpan(), Bias = o.DBias.AsSpan(), H0 = o.DH0.AsSpan(),
        };
        NaiveGRU<float>.Backward(_shape, operands, o.DY.AsSpan(), default, gradients);
    }

    private sealed class Operands(GRUShape s)
    {
        public Tensor<float> X { get; } = Numbers(3, 1, s.Batch * s.Steps * s.Features);

        // Weights as an initializer draws them: larger ones would saturate the gates.
        public Tensor<float> Kernel { get; } = Numbers(1, 0.1, 3 * s.Features * s.Units);

        public Tensor<float> Recurrent { get; } = Numbers(2, 0.1, 3 * s.Units * s.Units);

        public Tensor<float> Bias { get; } = Room(6 * s.Units);

        public Tensor<float> Y { get; } = Room(s.Batch * s.Steps * s.Units);

        public Tensor<float> DY { get; } = Numbers(4, 1, s.Batch * s.Steps * s.Units);

        public Tensor<float> DX { get; } = Room(s.Batch * s.Steps * s.Features);

        public Tensor<float> DKernel { get; } = Room(3 * s.Features * s.Units);

        public Tensor<float> DRecurrent { get; } = Room(3 * s.Units * s.Units);

        public Tensor<float> DBias { get; } = Room(6 * s.Units);

        public Tensor<float> DH0 { get; } = Room(s.Batch * s.Units);
    }
}
