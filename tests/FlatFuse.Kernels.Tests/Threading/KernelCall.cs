using System.Runtime.InteropServices;
using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests.Threading;

/// <summary>
/// Operands for one call of a kernel, each so many floats behind the beginning of its memory, and what it computes: NaN at first, so that a kernel which looks
/// at old content, or leaves an element out, shows it.
/// </summary>
internal sealed class KernelCall(Workers workers, int shift)
{
    private readonly List<(Func<byte[]> Bits, Func<bool> IsComplete)> _results = [];

    public Workers Workers { get; } = workers;

    /// <summary>Numbers that follow from the seed alone.</summary>
    public Span<float> Values(int length, int seed, float low = -1f, float high = 1f)
    {
        Span<float> values = new float[length + shift].AsSpan(shift);
        TestValues.Fill(values, seed, low, high);
        return values;
    }

    /// <summary>Whole numbers from 0 on, below <paramref name="limit"/>.</summary>
    public Span<float> Ids(int length, int limit)
    {
        Span<float> ids = Values(length, 9, 0, limit);
        for (int i = 0; i < length; i++)
            ids[i] = MathF.Floor(ids[i]);
        return ids;
    }

    /// <summary>What the kernel overwrites.</summary>
    public Span<float> Result(int length) => Kept(length, float.NaN);

    /// <summary>What the kernel overwrites, in double precision.</summary>
    public Span<double> Doubles(int length) => Kept(length, double.NaN);

    /// <summary>What the kernel overwrites with positions.</summary>
    public Span<int> Positions(int length) => Kept(length, -1);

    /// <summary>What the kernel reads and writes.</summary>
    public Span<float> Updated(int length, int seed, float low = -1f, float high = 1f)
    {
        Span<float> values = Result(length);
        TestValues.Fill(values, seed, low, high);
        return values;
    }

    /// <summary>What a kernel gave back.</summary>
    public void Keep(double value) => Doubles(1)[0] = value;

    /// <summary>What was computed elsewhere.</summary>
    public void Keep(IEnumerable<float[]> values)
    {
        foreach (float[] each in values)
            each.CopyTo(Result(each.Length));
    }

    /// <summary>True when nothing holds what it held before the call.</summary>
    public bool IsComplete => _results.TrueForAll(result => result.IsComplete());

    /// <summary>True when both computed the same bits.</summary>
    public bool HasBitsOf(KernelCall other) => _results.Zip(other._results).All(pair => pair.First.Bits().AsSpan().SequenceEqual(pair.Second.Bits()));

    private Span<T> Kept<T>(int length, T old)
        where T : unmanaged, IEquatable<T>
    {
        T[] memory = new T[length + shift];
        Array.Fill(memory, old);
        _results.Add((() => MemoryMarshal.AsBytes(memory.AsSpan(shift)).ToArray(), () => !memory.AsSpan(shift).Contains(old)));
        return memory.AsSpan(shift);
    }
}
