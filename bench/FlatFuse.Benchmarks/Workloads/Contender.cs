namespace FlatFuse.Benchmarks;

/// <summary>Somebody else who does a <see cref="Workload"/>.</summary>
/// <param name="Name">As the tables show it.</param>
/// <param name="Kind">Whether a win over it counts.</param>
/// <param name="Prepare">Makes the call for a number of threads; null when it can't use that many.</param>
internal sealed record Contender(string Name, ContenderKind Kind, Func<int, Action?> Prepare);
