using System.Text.RegularExpressions;
using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>Every layer has its page, the index lists all of them, and no page links to a file that is not there.</summary>
public sealed partial class PageTests
{
    private static readonly string[] Sections = ["**Shapes.**", "**Equation.**", "**Gradient.**", "**Masks.**", "**Weights.**", "**Refused early.**", "**Read on.**"];

    /// <summary>The classes of src/Layers that can be made.</summary>
    public static TheoryData<string> LayerClasses => [.. Classes.Select(type => type.Name)];

    public static TheoryData<string> Pages => [.. PageNames];

    internal static IEnumerable<string> PageNames =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<Type> Classes
        => typeof(Layer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);

    [Theory]
    [MemberData(nameof(LayerClasses))]
    public void A_layer_has_a_page_with_an_example_and_every_section(string layer)
    {
        string path = PageOf(layer);
        Assert.True(File.Exists(Repository.PathOf(path)), $"{path} is missing: write the page of {layer}, like docs/layers/dense.md, and list it in docs/layers/README.md.");
        string page = Repository.Read(path);
        Assert.StartsWith($"# {layer}\n", page);
        Assert.Contains("```csharp\n", page);
        Assert.Contains(layer == nameof(Input) ? "Input.Of(" : $"new {layer}(", page.Replace($"new {layer} {{", $"new {layer}("));
        Assert.All(Sections, section => Assert.Contains(section, page));
    }

    [Theory]
    [MemberData(nameof(LayerClasses))]
    public void The_index_lists_every_layer(string layer)
        => Assert.Contains($"[{layer}]({layer.ToLowerInvariant()}.md)", Repository.Read("docs/layers/README.md"));

    [Fact]
    public void No_page_describes_a_layer_that_is_not_there()
        => Assert.Empty(Directory.EnumerateFiles(Repository.PathOf("docs/layers"), "*.md").Select(Path.GetFileName)
            .Except([.. Classes.Select(type => Path.GetFileName(PageOf(type.Name))), "README.md"]));

    [Fact]
    public void A_class_that_the_registry_knows_is_a_class_with_a_page()
        => Assert.Empty(LayerRegistry.ClassNames.Except([.. Classes.Select(type => type.Name == nameof(Input) ? "InputLayer" : type.Name)]));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        foreach (string target in Link().Matches(CodeBlock().Replace(Repository.Read(page), "")).Select(match => match.Groups[1].Value))
        {
            string file = target.Split('#')[0];
            if (file.Length == 0 || file.Contains("://") || file.StartsWith("mailto:"))
                continue;
            string path = Path.Combine(folder, file);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there.");
        }
    }

    [Fact]
    public void Every_helper_for_data_is_on_the_page_about_data()
    {
        string index = Repository.Read("docs/data/README.md");
        IEnumerable<Type> helpers = typeof(FlatFuse.Models.Model).Assembly.GetExportedTypes().Where(type => type.Namespace == "FlatFuse.Models.Data");
        Assert.All(helpers, type => Assert.Contains(type.Name, index));
    }

    private static string PageOf(string layer) => $"docs/layers/{layer.ToLowerInvariant()}.md";

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
