namespace FlatFuse.Samples.Tests;

/// <summary>Every sample runs on its real data in the short form and shows what it is about.</summary>
public sealed class SampleRunTests
{
    private static readonly string[] PublishedBroken = ["s1.2", "s4.1", "s4.3"];

    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_runs_in_its_short_form(string name)
    {
        string printed = Run(name);
        Assert.Contains("Total params", printed);
        Assert.DoesNotContain("NaN", printed);
        Assert.Equal(PublishedBroken.Contains(name), printed.Contains("the model is refused"));
        if (name == "emails")
        {
            Assert.Matches(@"(?m)^test accuracy: 0\.\d{4}\r?$", printed);
            Assert.Contains("the same bits", printed);
        }
    }

    [Fact]
    public void Every_seed_system_has_its_sample()
        => Assert.Equal(
            ["emails", "s0.1", "s0.2", "s0.3", "s1.1", "s1.2", "s1.3", "s2.1", "s2.2", "s2.3", "s2.4", "s3", "s4.1", "s4.2", "s4.3"],
            Sample.All.Select(sample => sample.Name));

    private static string Run(string name)
    {
        var output = new StringWriter();
        Sample.All.Single(sample => sample.Name == name).Run(new SampleOptions(output, Quick: true));
        return output.ToString();
    }
}
