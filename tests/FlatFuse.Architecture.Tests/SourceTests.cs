using System.Text.RegularExpressions;

namespace FlatFuse.Architecture.Tests;

/// <summary>What no source file may hold.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void Src_calls_no_native_code()
        => Assert.Empty(Matching("src", NativeCall()));

    [Fact]
    public void Bench_calls_its_native_rivals_through_one_class()
        => Assert.Equal(["bench/FlatFuse.Benchmarks/Peers/NativeMethods.cs"], Matching("bench", NativeCall()).Concat(Matching("samples", NativeCall())));

    [Fact]
    public void Unsafe_code_lives_in_Kernels_only()
        => Assert.DoesNotContain(Matching("src", UnsafeCode()), source => !source.StartsWith("src/Kernels/"));

    [Fact]
    public void Only_Kernels_may_be_compiled_unsafe()
        => Assert.Equal(
            ["src/Kernels/FlatFuse.Kernels.csproj"],
            Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
                .Where(path => File.ReadAllText(path).Contains("AllowUnsafeBlocks"))
                .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')));

    [Fact]
    public void Nothing_is_left_unimplemented()
        => Assert.Empty(Matching("src", Unfinished()).Concat(Matching("samples", Unfinished())));

    [Fact]
    public void No_state_hides_in_threads()
        => Assert.Empty(Matching("src", ThreadStatic()));

    private static IEnumerable<string> Matching(string folder, Regex pattern)
        => Repository.Sources(folder).Where(source => pattern.IsMatch(Repository.Read(source)));

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b")]
    private static partial Regex NativeCall();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"NotImplementedException|TODO|FIXME|HACK")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bThreadStatic\b|\bThreadLocal<|\bAsyncLocal<")]
    private static partial Regex ThreadStatic();
}
