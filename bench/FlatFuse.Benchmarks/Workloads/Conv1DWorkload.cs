using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A convolution, forward or forward and backward: gradients of input, kernel and bias.</summary>
internal sealed class Conv1DWorkload : Workload
{
    private readonly Conv1DShape _shape;
    private readonly bool _backward;
    private readonly Lazy<Tensor<float>[]> _operands;

    public Conv1DWorkload(int[] sizes, bool backward)
        : base($"{string.Join(' ', sizes)}{(backward ? " fwd+bwd" : " fwd")}")
    {
        _shape = Conv1DShape.Create(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], stride: 1, dilation: 1, ConvolutionPadding.Valid);
        _backward = backward;
        int x = _shape.Batch * _shape.Length * _shape.Channels, kernel = _shape.KernelSize * _shape.Channels * _shape.Filters;
        int y = _shape.Batch * _shape.OutputLength * _shape.Filters;
        _operands = new(() => [Numbers(x), Numbers(kernel), Numbers(_shape.Filters), Room(y), Numbers(y), Room(x), Room(kernel), Room(_shape.Filters)]);
    }

    public override double Flops
        => (_backward ? 3 : 1) * 2.0 * _shape.Batch * _shape.OutputLength * _shape.KernelSize * _shape.Channels * _shape.Filters;

    // Beside oneDNN in this process a record of it, from another minute, says less.
    public override (string Workload, string Metric)? Peer
    {
        get
        {
            if (OneDnnLayer.IsInstalled)
                return null;
            string name = $"Conv1d({_shape.Channels},{_shape.Filters},{_shape.KernelSize})_B{_shape.Batch}_L{_shape.Length}";
            return ($"{name}|{name}_nwc", _backward ? "forward_backward_median" : "forward_median");
        }
    }

    public override IReadOnlyList<Contender> Others =>
    [
        new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null),
        .. OneDnnLayer.IsInstalled
            ? (Contender[])[new("onednn", ContenderKind.Peer, threads => OneDnn(threads, channelsLast: false)), new("onednn-nwc", ContenderKind.Peer, threads => OneDnn(threads, channelsLast: true))]
            : [],
    ];

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        Tensor<float>[] o = _operands.Value;
        return () =>
        {
            Conv1DKernel.Forward(workers, _shape, o[0].AsSpan(), o[1].AsSpan(), o[2].AsSpan(), ActivationKind.Linear, o[3].AsSpan());
            if (!_backward)
                return;
            Conv1DKernel.Backward(workers, _shape, new Conv1DBackward
            {
                X = o[0].AsSpan(),
                Kernel = o[1].AsSpan(),
                DY = o[4].AsSpan(),
                DX = o[5].AsSpan(),
                DKernel = o[6].AsSpan(),
                DBias = o[7].AsSpan(),
            });
        };
    }

    private void Naive()
    {
        Tensor<float>[] o = _operands.Value;
        NaiveConv1D.Forward(_shape, o[0].AsSpan(), o[1].AsSpan(), o[2].AsSpan(), ActivationKind.Linear, o[3].AsSpan());
        if (!_backward)
            return;
        NaiveConv1D.InputGradient(_shape, o[4].AsSpan(), o[1].AsSpan(), o[5].AsSpan(), accumulate: false);
        NaiveConv1D.WeightGradient(_shape, o[0].AsSpan(), o[4].AsSpan(), o[6].AsSpan(), accumulate: false);
    }

    private Action OneDnn(int threads, bool channelsLast)
    {
        Tensor<float>[] o = _operands.Value;
        var peer = new OneDnnConv1D(_shape, threads, channelsLast, o.AsSpan(0, _backward ? o.Length : 4));
        Tensor<float>[] results = _backward ? [o[3], o[5], o[6]] : [o[3]];
        // Sums of so many products of numbers below 1.
        int[] terms = [_shape.KernelSize * _shape.Channels, _shape.KernelSize * _shape.Filters, _shape.Batch * _shape.OutputLength];
        Ours(KernelSets.Default, threads: 1)();
        float[][] expected = [.. results.Select(result => result.AsSpan().ToArray())];
        foreach (Tensor<float> result in results)
            result.AsSpan().Fill(float.NaN);
        peer.Run();
        for (int i = 0; i < results.Length; i++)
            CheckSame("oneDNN", expected[i], results[i].AsSpan(), terms[i]);
        return peer.Run;
    }
}
