using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>One update of all parameters.</summary>
internal sealed class OptimizerWorkload : Workload
{
    private readonly string _rule;
    private readonly int _count;
    private readonly Lazy<Tensor<float>[]> _memory;

    public OptimizerWorkload(string rule, int count)
        : base($"{rule} {count}")
    {
        (_rule, _count) = (rule, count);
        _memory = new(() => [Numbers(count), Numbers(count), Room(count), Room(count)]);
    }

    // Weights, gradients and states are read, weights and states written.
    public override double Bytes => 4.0 * _count * (_rule switch { "adam" => 7, "rmsprop" => 5, _ => 3 });

    public override (string Workload, string Metric)? Peer => _rule == "adam" && _count == 4_768_256 ? ("adam_4.77M_params", "step_median") : null;

    public override IReadOnlyList<Contender> Others => [new("naive", ContenderKind.Naive, threads => threads == 1 && _rule == "adam" ? NaiveAdam : null)];

    public override Action Ours(KernelSet set, int threads)
    {
        var w = new Workers(set, threads);
        Tensor<float>[] m = _memory.Value;
        // A small rate keeps the weights where they are over thousands of steps.
        var adam = new AdamStep(1e-6) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7, Step = 1000 };
        return _rule switch
        {
            "adam" => () => OptimizerKernels.Adam(w, adam, m[0].AsSpan(), m[1].AsSpan(), m[2].AsSpan(), m[3].AsSpan(), default),
            "sgd" => () => OptimizerKernels.SGD(w, new SGDStep(1e-6), m[0].AsSpan(), m[1].AsSpan(), default),
            "rmsprop" => () => OptimizerKernels.RMSprop(w, new RMSpropStep(1e-6) { Rho = 0.9, Epsilon = 1e-7 }, m[0].AsSpan(), m[1].AsSpan(), m[2].AsSpan(), default, default),
            _ => throw new ArgumentException($"Shapes/optimizers.txt: '{_rule}' is no rule; expected adam, sgd or rmsprop."),
        };
    }

    private void NaiveAdam()
    {
        Span<float> w = _memory.Value[0].AsSpan(), g = _memory.Value[1].AsSpan(), m = _memory.Value[2].AsSpan(), v = _memory.Value[3].AsSpan();
        for (int i = 0; i < w.Length; i++)
        {
            m[i] += 0.1f * (g[i] - m[i]);
            v[i] += 0.001f * ((g[i] * g[i]) - v[i]);
            w[i] -= 1e-6f * m[i] / (MathF.Sqrt(v[i]) + 1e-7f);
        }
    }
}
