using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A GRU over whole sequences, forward (inference) or forward and backward: gradients of input, kernels and bias.</summary>
internal sealed class GRUWorkload : RecurrentWorkload
{
    private readonly GRUShape _shape;
    private readonly bool _backward;
    private readonly Lazy<RecurrentTensors> _operands;

    public GRUWorkload(int[] sizes, bool backward)
        : base(sizes, gates: 3, backward)
    {
        _shape = new GRUShape(sizes[0], sizes[1], sizes[2], sizes[3]);
        _backward = backward;
        _operands = new(() => new(Sizes, gates: 3, biases: 6));
    }

    /// <remarks>oneDNN's first is what the peers' script times, its second computes what FlatFuse's rows do.</remarks>
    public override IReadOnlyList<Contender> Others =>
    [
        new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null),
        .. OneDnn("onednn", OneDnnCell.GRU, () => Ours(KernelSets.Default, threads: 1, _shape with { ResetAfter = false })),
        .. OneDnn("onednn-after", OneDnnCell.GRUResetAfter, () => Ours(KernelSets.Default, threads: 1)),
    ];

    protected override string Layer => "GRU";

    protected override RecurrentTensors Operands => _operands.Value;

    public override Action Ours(KernelSet set, int threads) => Ours(set, threads, _shape);

    private Action Ours(KernelSet set, int threads, GRUShape shape)
    {
        var workers = new Workers(set, threads);
        RecurrentTensors o = Operands;
        int biases = (shape.ResetAfter ? 6 : 3) * shape.Units;
        Tensor<float> saved = Room(GRUKernel.SavedLength(shape));
        return () =>
        {
            var operands = new RecurrentOperands { X = o.X.AsSpan(), Kernel = o.Kernel.AsSpan(), RecurrentKernel = o.Recurrent.AsSpan(), Bias = o.Bias.AsSpan()[..biases] };
            GRUKernel.Forward(workers, shape, operands, o.Y.AsSpan(), default, _backward ? saved.AsSpan() : default);
            if (!_backward)
                return;
            var gradients = new RecurrentGradients
            {
                X = o.DX.AsSpan(), Kernel = o.DKernel.AsSpan(), RecurrentKernel = o.DRecurrent.AsSpan(), Bias = o.DBias.AsSpan()[..biases],
            };
            GRUKernel.Backward(workers, shape, operands, saved.AsSpan(), o.DY.AsSpan(), default, gradients);
        };
    }

    private void Naive()
    {
        RecurrentTensors o = Operands;
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
}
