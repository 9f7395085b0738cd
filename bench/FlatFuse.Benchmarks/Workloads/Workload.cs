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

    /// <summary>Throws if a peer's result differs from FlatFuse's: a library that was called wrongly may be fast.</summary>
    /// <param name="peer">Its name.</param>
    /// <param name="expected">FlatFuse's result.</param>
    /// <param name="received">The peer's.</param>
    /// <param name="terms">Both are sums of so many products of numbers below 1.</param>
    protected void CheckSame(string peer, ReadOnlySpan<float> expected, ReadOnlySpan<float> received, int terms)
    {
        // Added in another order: errors grow like the root of the number of terms times its rounding.
        float tolerance = 1e-5f * (1 + MathF.Sqrt(terms));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(MathF.Abs(received[i] - expected[i]) <= tolerance))
                throw new InvalidOperationException($"{peer} and FlatFuse differ on {Name} at {i}: {received[i]} and {expected[i]}; expected at most {tolerance} apart. One of them computes something else: do not compare their times.");
        }
    }

    /// <summary>Reproducible numbers in [−1, 1), 64-byte aligned; others at each call, so that no operand is another's copy.</summary>
    protected Tensor<float> Numbers(params ReadOnlySpan<int> shape) => Numbers(++_seed, 1, shape);

    /// <summary>The same in [−<paramref name="bound"/>, <paramref name="bound"/>).</summary>
    public static Tensor<float> Numbers(long seed, double bound, params ReadOnlySpan<int> shape)
    {
        Tensor<float> room = Room(shape);
        RandomSource.FromSeed(seed).Uniform(-bound, bound, shape).AsSpan().CopyTo(room.AsSpan());
        return room;
    }

    /// <summary>Zeros, 64-byte aligned: from an arena as everything in a training step, because an array of its own lies anywhere.</summary>
    public static Tensor<float> Room(params ReadOnlySpan<int> shape)
    {
        Tensor<float> room = new Arena().Allocate(shape);
        room.AsSpan().Clear();
        return room;
    }
}
