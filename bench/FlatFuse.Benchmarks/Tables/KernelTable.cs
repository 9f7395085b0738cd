using FlatFuse.Kernels;

namespace FlatFuse.Benchmarks;

/// <summary>
/// One line a shape: the kernel set that won, what it reaches on one thread and two, and how it stands beside the best peer. Libraries that can be
/// called in this process run in turn with FlatFuse; the others' times come from the records of the peers' scripts.
/// </summary>
internal sealed class KernelTable(TextWriter output, PeerRecords records, Passes passes)
{
    // Longer than the threads of OpenBLAS and OpenMP spin after their work, and long enough to fetch operands back into the caches.
    private const double LeadSeconds = 40e-3;

    private static readonly int[] Widths = [26, 6, 8, 13, 5, 18, 8, 13, 6, 18];

    private readonly List<double> _ratios = [];
    private readonly List<string> _losses = [];
    private readonly Dictionary<string, List<(double Ratio, string Where)>> _byPeer = [];

    /// <summary>Prints the tables of some families, or of all when none is named.</summary>
    public static void Print(TextWriter output, IReadOnlyCollection<string> families, PeerRecords records, Passes passes)
    {
        foreach (string unknown in families.Where(name => !Families.All.ContainsKey(name)))
            throw new ArgumentException($"-- kernels {unknown}: no such family; expected any of {string.Join(", ", Families.All.Keys)}.");
        output.WriteLine($"Times: {passes.Rule}. 'set' is the fastest kernel set on one thread, '%' its share of the FMA peak ({PeakName}),");
        output.WriteLine("'gain' what the second thread brings (to its own fastest set). A ratio is the best peer's time over FlatFuse's on as many threads: above 1 FlatFuse wins.");
        output.WriteLine("* peer measured in a process of its own (--peers); the others, and the peak, in the same process, sample by sample in turn.");
        foreach (NativeGemm library in NativeGemm.Installed)
            output.WriteLine($"{library.Name}: {library.Version}");
        foreach ((string family, Func<IReadOnlyList<Workload>> workloads) in Families.All)
        {
            if (families.Count == 0 || families.Contains(family))
                new KernelTable(output, records, passes).Print(family, workloads());
        }
    }

    private static string PeakName => KernelSets.V512.IsAccelerated ? "512 bits" : "256 bits";

    private void Print(string family, IReadOnlyList<Workload> workloads)
    {
        output.WriteLine();
        output.WriteLine(Text.Row(Widths, [family, "set", "1 thread", "rate", "%", "ratio to best", "2 thr.", "rate", "gain", "ratio to best"]));
        output.WriteLine(Text.Rule(Widths));
        foreach (Workload work in workloads)
            Print(family, work);
        if (_ratios.Count > 0)
            output.WriteLine($"\n{family}: geometric mean of {_ratios.Count} ratios {Text.GeometricMean(_ratios):0.00}; lost {_losses.Count}{(_losses.Count > 0 ? ": " + string.Join("; ", _losses) : "")}.");
        foreach ((string peer, List<(double Ratio, string Where)> ratios) in _byPeer)
        {
            (double least, string where) = ratios.Min();
            output.WriteLine($"Beside {peer} alone: geometric mean of {ratios.Count} ratios {Text.GeometricMean([.. ratios.Select(ratio => ratio.Ratio)]):0.00}; least {least:0.00}, {where}.");
        }
        output.Flush();
    }

    private void Print(string family, Workload work)
    {
        KernelTimes times = Take(family, work, threads: 1);
        (string set, double one) = times.Ours.MinBy(time => time.Value);
        string share = times.Peak is { } peak ? $"{work.Flops / one / (Limits.Peak.Flops / peak):0%}" : "–";
        List<string> cells = [work.Name, set, Text.Time(one), Rate(work, one), share, Ratio(work, one, times, threads: 1)];
        if (Environment.ProcessorCount > 1)
        {
            KernelTimes timesOfTwo = Take(family, work, threads: 2);
            double two = timesOfTwo.Ours.Values.Min();
            cells.AddRange([Text.Time(two), Rate(work, two), $"{one / two:0.00}", Ratio(work, two, timesOfTwo, threads: 2)]);
        }
        else
        {
            cells.AddRange(["–", "–", "–", "–"]);
        }
        output.WriteLine(Text.Row(Widths, cells));
        output.Flush();
    }

    private KernelTimes Take(string family, Workload work, int threads)
        => passes.Take($"{family} {work.Name} {threads}", () => Race(work, threads), KernelTimes.Least);

    private string Ratio(Workload work, double ours, KernelTimes times, int threads)
    {
        foreach ((string peer, double seconds) in times.Peers)
        {
            if (!_byPeer.TryGetValue(peer, out List<(double, string)>? ratios))
                _byPeer.Add(peer, ratios = []);
            ratios.Add((seconds / ours, $"{work.Name} ({threads} thr.)"));
        }
        (string Name, double Seconds)? best = times.Peers.Count > 0 ? times.Peers.Select(peer => (peer.Key, peer.Value)).MinBy(peer => peer.Value) : null;
        if (work.Peer is { } name && records.Best(name.Workload, name.Metric, threads) is { } recorded && (best is null || recorded.Seconds < best.Value.Seconds))
            best = (recorded.Peer + "*", recorded.Seconds);
        if (best is null)
            return "–";
        double ratio = best.Value.Seconds / ours;
        _ratios.Add(ratio);
        if (ratio < 1)
            _losses.Add($"{work.Name} ({threads} thr., {ratio:0.00})");
        return $"{ratio:0.00} {best.Value.Name}";
    }

    private static KernelSet Fastest(Workload work)
    {
        KernelSet[] sets = [.. KernelSets.All.Where(set => set.IsAccelerated && set != KernelSets.Scalar)];
        Timing[] heat = Stopclock.Race([.. sets.Select(set => work.Ours(set, threads: 1))], budgetSeconds: 0.02, rounds: 2);
        return sets[Array.IndexOf(heat, heat.MinBy(timing => timing.Best))];
    }

    private static KernelTimes Race(Workload work, int threads)
    {
        KernelSet set = Fastest(work);
        (string Name, Action Call)[] peers = [.. work.Others
            .Where(other => other.Kind == ContenderKind.Peer)
            .Select(other => (other.Name, Call: other.Prepare(threads)))
            .Where(peer => peer.Call is not null)
            .Select(peer => (peer.Name, peer.Call!))];
        // Work that memory limits: TensorPrimitives writes long results past the caches, and who comes next would fetch them from memory, which peers in
        // processes of their own never have to (adding a million numbers took 540 µs instead of 410).
        bool isMemoryWork = work.Flops == 0;
        bool leads = threads > 1 || isMemoryWork;
        Action[] runners = [work.Ours(set, threads), .. leads ? (Action[])[] : [Limits.Peak.Loop], .. peers.Select(peer => peer.Call)];
        if (isMemoryWork)
            Stopclock.Settle(runners);
        Timing[] times = Stopclock.Race(runners, budgetSeconds: leads ? 0.8 : 0.35, leads ? LeadSeconds : 0);
        int firstPeer = runners.Length - peers.Length;
        return new KernelTimes(
            new() { [set.Name] = times[0].Median },
            leads ? null : times[1].Median,
            peers.Select((peer, i) => (peer.Name, times[firstPeer + i].Median)).ToDictionary());
    }

    private static string Rate(Workload work, double seconds)
        => work.Flops > 0 ? $"{work.Flops / seconds / 1e9:0.0} GFLOP/s" : $"{work.Bytes / seconds / 1e9:0.0} GB/s";
}
