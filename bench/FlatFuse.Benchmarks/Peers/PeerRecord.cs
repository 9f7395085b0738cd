namespace FlatFuse.Benchmarks;

/// <summary>One line of the peers' scripts: what a library took for a workload.</summary>
/// <param name="Peer">The library and how it was set up.</param>
/// <param name="Workload">The peers' own name of the work.</param>
/// <param name="Threads">Threads it was given.</param>
/// <param name="Metric">What was measured, for example <c>forward_median</c>.</param>
/// <param name="Value">Microseconds; mebibytes of a memory metric.</param>
internal sealed record PeerRecord(string Peer, string Workload, int Threads, string Metric, double Value);
