using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

/// <summary>One file of tests/golden/cases (or of the folder named by FLATFUSE_GOLDEN): tensors, tolerance, comparison.</summary>
internal sealed class GoldenCase
{
    private readonly JsonObject _json;
    private readonly double _relative;
    private readonly double _absolute;

    private GoldenCase(JsonObject json)
    {
        _json = json;
        _relative = (double)json["tolerance"]!["rtol"]!;
        _absolute = (double)json["tolerance"]!["atol"]!;
    }

    public JsonNode this[string key] => _json[key]!;

    public static TheoryData<string> Names(string prefix)
    {
        var names = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(Folder(), prefix + "_*.json").Order(StringComparer.Ordinal))
            names.Add(Path.GetFileNameWithoutExtension(file));
        return names;
    }

    public static GoldenCase Read(string name)
        => new((JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")))!);

    public static Tensor<float> Tensor(JsonNode json)
    {
        int[] shape = [.. json["shape"]!.AsArray().Select(size => (int)size!)];
        float[] data = [.. json["data"]!.AsArray().Select(value => (float)Number(value!))];
        return FlatFuse.Tensors.Tensor.From<float>(data, shape);
    }

    public void Compare(JsonNode want, ReadOnlySpan<int> shape, ReadOnlySpan<float> got)
    {
        int[] wantShape = [.. want["shape"]!.AsArray().Select(size => (int)size!)];
        Assert.Equal(Shapes.Format(wantShape), Shapes.Format(shape));
        double[] data = [.. want["data"]!.AsArray().Select(value => Number(value!))];
        Assert.Null(FlatFuse.Testing.Tolerance.FirstDifference(data, got, _relative, _absolute));
    }

    public void Compare(JsonNode want, double got)
    {
        double expected = Number(want);
        Assert.True(
            Math.Abs(got - expected) <= _absolute + (_relative * Math.Abs(expected)),
            string.Create(CultureInfo.InvariantCulture, $"expected {expected:R}, got {got:R}"));
    }

    private static double Number(JsonNode value)
        => value.GetValueKind() == JsonValueKind.String ? double.Parse((string)value!, CultureInfo.InvariantCulture) : (double)value;

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("FLATFUSE_GOLDEN") is { Length: > 0 } given)
            return Path.Combine(given, "cases");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string cases = Path.Combine(folder.FullName, "tests", "golden", "cases");
            if (Directory.Exists(cases))
                return cases;
        }
        throw new DirectoryNotFoundException("tests/golden/cases lies in no folder above the test assembly, and FLATFUSE_GOLDEN is not set.");
    }
}
