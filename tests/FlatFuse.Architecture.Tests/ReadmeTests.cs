using System.Text.RegularExpressions;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Architecture.Tests;

/// <summary>README.md shows only code that compiles and runs: each C# block is the text of a region of <c>ReadmeExamples.cs</c>.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_code_block_is_a_compiled_example()
    {
        string source = Repository.Read("tests/FlatFuse.Architecture.Tests/ReadmeExamples.cs");
        string[] examples = [.. Regions(source)];
        string[] blocks = [.. CodeBlock().Matches(Repository.Read("README.md")).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(blocks);
        foreach (string block in blocks)
        {
            string[] lines = block.Split('\n');
            string[] usings = [.. lines.TakeWhile(line => line.StartsWith("using ") || line.Length == 0)];
            Assert.All(usings, line => Assert.Contains(line, source));
            Assert.Contains(Normalize(string.Join('\n', lines[usings.Length..])), examples);
        }
    }

    [Fact]
    public void The_first_screen_ends_with_the_two_commands()
    {
        string readme = Repository.Read("README.md");
        Assert.Contains("dotnet run -c Release --project samples/FlatFuse.Samples", readme);
        Assert.Contains("dotnet test -c Release", readme);
    }

    [Fact]
    public void The_first_example_learns_and_its_saved_model_predicts_the_same_bits()
    {
        string folder = Directory.CreateTempSubdirectory("flatfuse-readme").FullName;
        string before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(folder);
            (Model served, History history, Tensor<float> probabilities) = ReadmeExamples.FirstScreen();
            Assert.Equal(5, history.Epochs);
            Assert.True(history["accuracy"][^1] > 0.9, $"accuracy {history["accuracy"][^1]}");
            Assert.Equal([512, 1], probabilities.Shape.ToArray());
            Assert.Equal(2, served.Inputs.Count);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Regions(string source)
        => Region().Matches(source).Select(match => Normalize(match.Groups[1].Value));

    // Examples are indented inside their method, README blocks are not.
    private static string Normalize(string code)
    {
        string[] lines = [.. code.Replace("\r", "").Split('\n').Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line)).Trim('\n');
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("#region[^\n]*\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
