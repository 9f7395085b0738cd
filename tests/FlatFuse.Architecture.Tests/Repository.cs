namespace FlatFuse.Architecture.Tests;

/// <summary>The repository's files, found by walking up from the test assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>C# files below a folder, build output left out; paths relative to the root.</summary>
    public static IEnumerable<string> Sources(string folder)
        => Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlatFuse.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"FlatFuse.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
