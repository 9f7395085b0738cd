using System.Text.Json;

namespace FlatFuse.Benchmarks;

/// <summary>What the peers' scripts wrote, all <c>*.jsonl</c> of a folder.</summary>
internal sealed class PeerRecords
{
    private readonly List<PeerRecord> _records = [];

    private PeerRecords()
    {
    }

    public static PeerRecords None { get; } = new();

    public bool IsEmpty => _records.Count == 0;

    /// <summary>The folder's records, or none for null.</summary>
    /// <exception cref="ArgumentException">The folder holds no records.</exception>
    public static PeerRecords Read(string? folder)
    {
        if (folder is null)
            return None;
        var all = new PeerRecords();
        foreach (string file in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach (string line in File.ReadLines(file))
            {
                if (!line.StartsWith('{'))
                    continue;
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement e = document.RootElement;
                all._records.Add(new PeerRecord(
                    e.GetProperty("peer").GetString()!, e.GetProperty("workload").GetString()!, e.GetProperty("threads").GetInt32(),
                    e.GetProperty("metric").GetString()!, e.GetProperty("value").GetDouble()));
            }
        }
        return all.IsEmpty
            ? throw new ArgumentException($"--peers {folder}: no record in any *.jsonl there; run bench/peers.sh first.", nameof(folder))
            : all;
    }

    /// <summary>The quickest record of a workload in seconds: the smallest median over peers and passes. Null where there is none.</summary>
    /// <param name="workload">The peers' name; several are tried where a <c>|</c> parts them.</param>
    /// <param name="metric">For example <c>forward_median</c>.</param>
    /// <param name="threads">That many threads, or any number when null.</param>
    /// <param name="peer">The beginning of the peer's name, or any when null.</param>
    public (string Peer, double Seconds)? Best(string workload, string metric, int? threads, string? peer = null)
    {
        string[] names = workload.Split('|');
        PeerRecord? best = _records
            .Where(r => r.Metric == metric && names.Contains(r.Workload) && (threads is null || r.Threads == threads) && (peer is null || r.Peer.StartsWith(peer, StringComparison.Ordinal)))
            .MinBy(r => r.Value);
        return best is null ? null : (Short(best.Peer), best.Value * 1e-6);
    }

    /// <summary>A value that is no time, for example <c>train_peak_rss</c> in MiB.</summary>
    public double? Value(string workload, string metric) => _records.Where(r => r.Metric == metric && r.Workload == workload).Select(r => (double?)r.Value).Min();

    private static string Short(string peer) => peer switch
    {
        "onednn-primitives" => "onednn",
        "onnxruntime-node" => "ort",
        _ when peer.StartsWith("pytorch", StringComparison.Ordinal) => "pytorch",
        _ => peer,
    };
}
