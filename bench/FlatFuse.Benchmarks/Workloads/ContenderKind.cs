namespace FlatFuse.Benchmarks;

/// <summary>What a contender is to FlatFuse.</summary>
internal enum ContenderKind
{
    /// <summary>The definition in plain loops: the baseline.</summary>
    Naive,

    /// <summary>A .NET library that is known to be far slower here: measured by BenchmarkDotNet, left out of the short table.</summary>
    Managed,

    /// <summary>A library that counts as a rival.</summary>
    Peer,
}
