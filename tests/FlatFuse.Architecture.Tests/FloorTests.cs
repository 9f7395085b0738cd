using System.Xml.Linq;

namespace FlatFuse.Architecture.Tests;

/// <summary>The floors of docs/architecture.md: a project references floors below it, never upward, never sideways.</summary>
public sealed class FloorTests
{
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["Kernels"] = [],
        ["Tensors"] = ["Kernels"],
        ["Autograd"] = ["Kernels", "Tensors"],
        ["Layers"] = ["Kernels", "Tensors", "Autograd"],
        ["Training"] = ["Kernels", "Tensors", "Autograd"],
        ["Interop"] = ["Kernels", "Tensors"],
        ["Models"] = ["Kernels", "Tensors", "Autograd", "Layers", "Training", "Interop"],
    };

    public static TheoryData<string> Floors => [.. Below.Keys];

    [Fact]
    public void Every_folder_of_src_is_a_known_floor()
        => Assert.Equal(Below.Keys.Order(), Directory.GetDirectories(Repository.PathOf("src")).Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Floors))]
    public void A_floor_references_only_floors_below_it(string floor)
    {
        IEnumerable<string> referenced = Project(floor).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')).Replace("FlatFuse.", ""));
        Assert.Empty(referenced.Except(Below[floor]));
    }

    [Theory]
    [MemberData(nameof(Floors))]
    public void A_floor_takes_no_package_but_System_Numerics_Tensors(string floor)
        => Assert.Empty(Project(floor).Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!).Except(["System.Numerics.Tensors"]));

    [Theory]
    [MemberData(nameof(Floors))]
    public void A_floor_has_one_namespace(string floor)
    {
        string expected = $"namespace FlatFuse.{floor};";
        foreach (string source in Repository.Sources($"src/{floor}"))
        {
            string declared = Repository.Read(source).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("namespace ")) ?? expected;
            // The data helpers are the one namespace inside a floor: they are not part of the graph, and their names are common words.
            bool isDataHelper = source.StartsWith("src/Models/Data/") && declared == "namespace FlatFuse.Models.Data;";
            Assert.True(declared == expected || isDataHelper, $"{source}: {declared}");
        }
    }

    private static XDocument Project(string floor) => XDocument.Load(Repository.PathOf($"src/{floor}/FlatFuse.{floor}.csproj"));
}
