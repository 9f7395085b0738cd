using FlatFuse.Kernels;

namespace FlatFuse.Testing;

/// <summary>Kernel sets as test data (<c>[MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]</c>), by name.</summary>
public static class KernelSetData
{
    /// <summary>The names of the sets that this machine runs in hardware.</summary>
    public static IEnumerable<object[]> Accelerated
        => KernelSets.All.Where(set => set.IsAccelerated).Select(set => new object[] { set.Name });

    /// <summary>The names of all sets. Those that are not accelerated are correct and very slow: give them short work.</summary>
    public static IEnumerable<object[]> All => KernelSets.All.Select(set => new object[] { set.Name });

    /// <summary>The set of that name, accelerated or not.</summary>
    /// <param name="name">A name from <see cref="All"/>.</param>
    public static KernelSet Named(string name) => KernelSets.All.Single(set => set.Name == name);

    /// <summary>Workers of one caller on the set of that name.</summary>
    /// <param name="name">A name from <see cref="All"/>.</param>
    /// <param name="threads">Threads including the caller, and really that many, however few processors there are.</param>
    public static Workers WorkersOf(string name, int threads = 1) => Workers.Oversubscribed(Named(name), threads);

    /// <summary>Every length from 0 to 67 (all tails of every width, several vectors), and for accelerated sets a few larger ones.</summary>
    /// <param name="name">A name from <see cref="All"/>.</param>
    public static IEnumerable<int> LengthsFor(string name)
    {
        IEnumerable<int> small = Enumerable.Range(0, 68);
        return Named(name).IsAccelerated ? small.Concat([100, 255, 256, 1000, 1031]) : small;
    }
}
