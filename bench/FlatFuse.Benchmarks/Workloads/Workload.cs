using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>One piece of work of one shape that FlatFuse and others can do on the same operands.</summary>
/// <param name="name">The shape as the tables show it.</param>
internal abstract class Workload(string name)
{
    private long _seed;

    public string Name { get; } = name;

    /// <summary>Floating-point operations that the work is counted as; 0 where memory is the limit.</summary>
    public virtual double Flops => 0;

    /// <summary>Bytes read and written at least; used where <see cref="Flops"/> is 0.</summary>
    public virtual double Bytes => 0;

    /// <summary>What the peers' scripts call it, and their metric; null where they do not measure it.</summary>
    public virtual (string Workload, string Metric)? Peer => null;

    /// <summary>Others in this process that can do it: naive loops, .NET libraries, native libraries.</summary>
    public abstract IReadOnlyList<Contender> Others { get; }

    /// <summary>FlatFuse's kernels of one set.</summary>
    public abstract Action Ours(KernelSet set, int threads);

    public override string ToString() => Name;

    /// <summary>Reproducible numbers in [−1, 1), 64-byte aligned; others at each call, so that no operand is another's copy.</summary>
    protected Tensor<float> Numbers(params ReadOnlySpan<int> shape) => Numbers(++_seed, 1, shape);

    /// <summary>The same in [−<paramref name="bound"/>, <paramref name="bound"/>).</summary>
    protected static Tensor<float> Numbers(long seed, double bound, params ReadOnlySpan<int> shape)
    {
        Tensor<float> room = Room(shape);
        RandomSource.FromSeed(seed).Uniform(-bound, bound, shape).AsSpan().CopyTo(room.AsSpan());
        return room;
    }

    /// <summary>Zeros, 64-byte aligned: from an arena as everything in a training step, because an array of its own lies anywhere.</summary>
    protected static Tensor<float> Room(params ReadOnlySpan<int> shape)
    {
        Tensor<float> room = new Arena().Allocate(shape);
        room.AsSpan().Clear();
        return room;
    }
}
