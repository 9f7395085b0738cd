using System.Text.Json.Nodes;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Finds the reference cases: <c>tests/golden</c> of this repository, or the folder that FLATFUSE_GOLDEN names.</summary>
internal static class GoldenFolder
{
    public const string EnvironmentVariable = "FLATFUSE_GOLDEN";

    private static readonly string? Given = Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The folder that holds <c>cases/</c> and, perhaps, <c>dialects/</c>.</summary>
    public static string Root { get; } = Given ?? FindOwn();

    /// <summary>Cases that need layers of step 2. They must fail, so that the list only shrinks; a given folder has no such list.</summary>
    public static IReadOnlySet<string> Pending { get; } = ReadPending();

    public static IEnumerable<string> Cases() => Names("cases");

    /// <summary>The same models in the JSON of Keras 3 and tfjs: <c>seed_s2a.keras3</c>.</summary>
    public static IEnumerable<string> Dialects() => Directory.Exists(Path.Combine(Root, "dialects")) ? Names("dialects") : [];

    public static JsonObject Read(string folder, string name)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(Root, folder, name + ".json")))!.AsObject();

    /// <summary>A case of this repository, whatever folder is given: the runner's own tests rely on it.</summary>
    public static JsonObject ReadOwn(string name)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(FindOwn(), "cases", name + ".json")))!.AsObject();

    /// <summary>The names of this repository's cases that begin so.</summary>
    public static IEnumerable<string> OwnCases(string prefix) => Names(Path.Combine(FindOwn(), "cases"), prefix);

    private static IEnumerable<string> Names(string folder, string prefix = "")
        => Directory.EnumerateFiles(Path.Combine(Root, folder), prefix + "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal);

    private static string FindOwn()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string golden = Path.Combine(folder.FullName, "tests", "golden");
            if (Directory.Exists(golden))
                return golden;
        }
        throw new DirectoryNotFoundException($"No tests/golden above {AppContext.BaseDirectory}.");
    }

    private static HashSet<string> ReadPending()
    {
        string list = Path.Combine(Root, "pending.txt");
        if (Given is not null || !File.Exists(list))
            return [];
        return [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
    }
}
