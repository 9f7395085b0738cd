using BenchmarkDotNet.Running;

namespace FlatFuse.Benchmarks;

/// <summary>BenchmarkDotNet's own command line. Apart from Program, so that the plain tables never load it.</summary>
internal static class BenchmarkRun
{
    public static void Start(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(FamilyBench).Assembly).Run(args, new BenchConfig());
}
