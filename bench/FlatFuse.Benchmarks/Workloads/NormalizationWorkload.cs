using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A normalisation layer in training over (rows, columns), its recorded nodes run again, as a training step does.</summary>
internal sealed class NormalizationWorkload(string kind, int rows, int columns) : Workload($"{kind} {rows} {columns}")
{
    private readonly bool _backward = kind.EndsWith("-backward", StringComparison.Ordinal);
    private readonly bool _isLayer = kind.StartsWith("layernorm", StringComparison.Ordinal);

    public override double Bytes => 4.0 * rows * columns * (_backward ? 4 : 2);

    // The peers' rows of layers are (32, 100, channels).
    public override (string Workload, string Metric)? Peer => rows == 3200
        ? (_isLayer ? $"LayerNorm({columns})_B32_T100" : $"BatchNorm1d({columns})_B32_L100_train", _backward ? "forward_backward_median" : "forward_median")
        : null;

    public override IReadOnlyList<Contender> Others => [];

    public override Action Ours(KernelSet set, int threads)
    {
        var tape = new Tape();
        var context = new CallContext(new Arena(), new Workers(set, threads), training: true) { Tape = tape };
        Layer layer = _isLayer ? new LayerNormalization() : new BatchNormalization();
        Variable y = layer.Apply(context.Leaf(Numbers(rows, columns)));
        if (!_backward)
            return tape.Replay;
        BackwardPass pass = BackwardPass.Plan([y], [Numbers(rows, columns)]);
        return () =>
        {
            tape.Replay();
            pass.Run();
        };
    }
}
