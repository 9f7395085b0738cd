using System.Text.Json.Nodes;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>One test a reference case, all through one runner: see tests/golden/README.md.</summary>
public sealed class GoldenCaseTests
{
    public static TheoryData<string> Cases => [.. GoldenFolder.Cases()];

    public static TheoryData<string> Dialects => [.. GoldenFolder.Dialects().DefaultIfEmpty(NoDialect)];

    private const string NoDialect = "none";

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_case_agrees_with_the_reference(string name)
        => Run(name, () => GoldenRunner.Run(GoldenFolder.Read("cases", name)));

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_same_model_in_another_dialect_computes_the_same(string name)
    {
        if (name == NoDialect)
            return;
        Run(name, () =>
        {
            JsonObject goldenCase = GoldenFolder.Read("cases", name[..name.LastIndexOf('.')]);
            goldenCase["model"] = GoldenFolder.Read("dialects", name);
            GoldenRunner.Run(goldenCase);
        });
    }

    [Fact]
    public void Every_pending_name_is_a_case_or_a_dialect()
        => Assert.Empty(GoldenFolder.Pending.Except([.. GoldenFolder.Cases(), .. GoldenFolder.Dialects()]));

    private static void Run(string name, Action run)
    {
        if (!GoldenFolder.Pending.Contains(name))
        {
            run();
            return;
        }
        Exception? failure = Record.Exception(run);
        Assert.True(failure is not null, $"{name} passes now: take it off tests/golden/pending.txt.");
    }
}
