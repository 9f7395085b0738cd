using System.Reflection;
using System.Text.RegularExpressions;

namespace FlatFuse.Architecture.Tests;

/// <summary>
/// Pages show only code that compiles and runs: each C# block of README.md and docs is the text of a region, named after the page, in this
/// project. After a change of a page, change the region likewise.
/// </summary>
public sealed partial class PageExampleTests
{
    public static TheoryData<string> PagesWithCode => [.. WithCode];

    public static TheoryData<string> Examples => [.. Methods.Select(method => method.Name)];

    private static IEnumerable<string> WithCode => PageTests.PageNames.Where(page => BlocksOf(page).Length > 0);

    private static IEnumerable<MethodInfo> Methods
        => typeof(PageExampleTests).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Examples") && type != typeof(ReadmeExamples))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly));

    [Theory]
    [MemberData(nameof(PagesWithCode))]
    public void Every_code_block_is_a_compiled_example(string page)
    {
        foreach (string block in BlocksOf(page))
        {
            string[] lines = block.Split('\n');
            string[] usings = [.. lines.TakeWhile(line => line.StartsWith("using ") || line.Length == 0)];
            string code = Normalize(string.Join('\n', lines[usings.Length..]));
            string source = Sources.SingleOrDefault(text => text.Contains($"#region {page}\n")) ?? throw new Xunit.Sdk.XunitException($"No region '#region {page}' in tests/FlatFuse.Architecture.Tests: write the example of the page there.");
            Assert.All(usings, line => Assert.Contains(line, source));
            Assert.Contains(code, Region().Matches(source).Where(match => match.Groups[1].Value == page).Select(match => Normalize(match.Groups[2].Value)));
        }
    }

    [Fact]
    public void Every_example_belongs_to_a_page()
        => Assert.Empty(Sources.SelectMany(source => Region().Matches(source)).Select(match => match.Groups[1].Value).Except(WithCode));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_runs(string name) => Methods.Single(method => method.Name == name).Invoke(null, null);

    private static IEnumerable<string> Sources
        => Repository.Sources("tests/FlatFuse.Architecture.Tests").Where(path => path.EndsWith("Examples.cs")).Select(Repository.Read);

    private static string[] BlocksOf(string page) => [.. CodeBlock().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value)];

    // Examples are indented inside their method, blocks on pages are not.
    private static string Normalize(string code)
    {
        string[] lines = [.. code.Replace("\r", "").Split('\n').Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line)).Trim('\n');
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("#region ([^\n]*)\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
