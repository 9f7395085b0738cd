using FlatFuse.Kernels;

namespace FlatFuse.Benchmarks;

/// <summary>One row of a BenchmarkDotNet table: a workload, who does it, and with how many threads.</summary>
public sealed record BenchCase
{
    private BenchCase(Workload work, string name, bool isPeer, int threads, Func<Action?> prepare)
        => (Work, Name, IsPeer, Threads, Prepare) = (work, name, isPeer, threads, prepare);

    internal Workload Work { get; }

    internal string Name { get; }

    internal bool IsPeer { get; }

    internal int Threads { get; }

    internal Func<Action?> Prepare { get; }

    /// <summary>Seconds that the peak loop took just before; set when the case is prepared.</summary>
    internal double PeakSeconds { get; set; } = double.NaN;

    /// <summary>Every entry of the kernel table, then everybody else, on every shape. More than one thread for FlatFuse's widest set and the peers.</summary>
    internal static IEnumerable<BenchCase> All(IReadOnlyList<Workload> workloads)
    {
        int[] threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];
        foreach (Workload work in workloads)
        {
            foreach (int count in threads)
            {
                foreach (KernelSet set in KernelSets.All.Where(set => set.IsAccelerated && (count == 1 || set == KernelSets.Default)))
                    yield return new BenchCase(work, set.Name, isPeer: false, count, () => work.Ours(set, count));
                foreach (Contender other in work.Others.Where(other => count == 1 || other.Kind == ContenderKind.Peer))
                    yield return new BenchCase(work, other.Name, other.Kind == ContenderKind.Peer, count, () => other.Prepare(count));
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Work.Name}/{Name}/{Threads}";
}
