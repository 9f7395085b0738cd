using System.Numerics.Tensors;
using FlatFuse.Kernels;
using FloatTensor = FlatFuse.Tensors.Tensor<float>;

namespace FlatFuse.Benchmarks;

/// <summary>Sums, maxima and softmax over a matrix (rows, columns).</summary>
internal sealed class ReductionWorkload : Workload
{
    // Keeps results alive: a sum that nobody reads may be left out.
    private static float _sink;

    private readonly string _kind;
    private readonly int _rows;
    private readonly int _columns;
    private readonly Lazy<(FloatTensor X, FloatTensor Y, FloatTensor Labels, FloatTensor Losses)> _operands;

    private ReductionWorkload(string kind, int rows, int columns)
        : base($"{kind} {rows} {columns}")
    {
        (_kind, _rows, _columns) = (kind, rows, columns);
        _operands = new(() => (Numbers(rows * columns), Room(rows * columns), Labels(rows, columns), FlatFuse.Tensors.Tensor.Full(1f / rows, rows)));
    }

    public static Workload Of(string kind, int[] sizes) => kind.StartsWith("layernorm", StringComparison.Ordinal) || kind.StartsWith("batchnorm", StringComparison.Ordinal)
        ? new NormalizationWorkload(kind, sizes[0], sizes[1])
        : new ReductionWorkload(kind, sizes[0], sizes[1]);

    public override double Bytes => 4.0 * _rows * _columns * (_kind.StartsWith("softmax", StringComparison.Ordinal) ? 2 : 1);

    public override (string Workload, string Metric)? Peer => _kind switch
    {
        "softmax-ce" => ($"softmax_ce_{_rows}x{_columns}", "forward_median"),
        "softmax-ce-backward" => ($"softmax_ce_{_rows}x{_columns}", "forward_backward_median"),
        _ => null,
    };

    public override IReadOnlyList<Contender> Others => [new("tensors", ContenderKind.Peer, threads => threads == 1 ? Primitives() : null)];

    public override Action Ours(KernelSet set, int threads)
    {
        var w = new Workers(set, threads);
        (FloatTensor x, FloatTensor y, FloatTensor labels, FloatTensor losses) = _operands.Value;
        return _kind switch
        {
            "sum" => () => _sink = Kernels.Reductions.Sum(w, x.AsSpan()),
            "max" => () => _sink = Kernels.Reductions.Max(w, x.AsSpan()),
            "sumrows" => () => Kernels.Reductions.SumRows(w, _rows, _columns, x.AsSpan(), y.AsSpan()[.._columns], accumulate: false),
            "softmax" => () => SoftmaxKernel.Forward(w, _rows, _columns, x.AsSpan(), y.AsSpan()),
            "softmax-ce" => () => SoftmaxCrossentropy.Forward(w, _rows, _columns, x.AsSpan(), labels.AsSpan(), y.AsSpan(), losses.AsSpan()),
            "softmax-ce-backward" => () =>
            {
                SoftmaxCrossentropy.Forward(w, _rows, _columns, x.AsSpan(), labels.AsSpan(), y.AsSpan(), losses.AsSpan());
                SoftmaxCrossentropy.Backward(w, _rows, _columns, y.AsSpan(), labels.AsSpan(), losses.AsSpan(), y.AsSpan(), accumulate: false);
            }
            ,
            _ => throw new ArgumentException($"Shapes/reductions.txt: '{_kind}' is no reduction; expected sum, max, sumrows, softmax, softmax-ce, layernorm or batchnorm, the last three also with -backward."),
        };
    }

    private Action? Primitives()
    {
        (FloatTensor x, FloatTensor y, _, _) = _operands.Value;
        return _kind switch
        {
            "sum" => () => _sink = TensorPrimitives.Sum<float>(x.AsSpan()),
            "max" => () => _sink = TensorPrimitives.Max<float>(x.AsSpan()),
            "sumrows" => () =>
            {
                Span<float> sums = y.AsSpan()[.._columns];
                sums.Clear();
                for (int row = 0; row < _rows; row++)
                    TensorPrimitives.Add(sums, x.AsSpan().Slice(row * _columns, _columns), sums);
            }
            ,
            "softmax" => () =>
            {
                for (int row = 0; row < _rows; row++)
                    TensorPrimitives.SoftMax(x.AsSpan().Slice(row * _columns, _columns), y.AsSpan().Slice(row * _columns, _columns));
            }
            ,
            _ => null,
        };
    }

    private static FloatTensor Labels(int rows, int columns)
    {
        FloatTensor labels = Room(rows);
        for (int row = 0; row < rows; row++)
            labels.AsSpan()[row] = row % columns;
        return labels;
    }
}
