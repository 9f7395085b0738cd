using System.Globalization;
using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Compares with the tolerance of a case: <c>|got − want| ≤ atol + rtol · |want|</c>.</summary>
internal sealed class GoldenCheck
{
    private readonly double _relative;
    private readonly double _absolute;

    public GoldenCheck(JsonObject goldenCase)
    {
        _relative = (double)goldenCase["tolerance"]!["rtol"]!;
        _absolute = (double)goldenCase["tolerance"]!["atol"]!;
    }

    public void Number(string what, JsonNode? want, double got) => Number(what, GoldenTensor.Number(want), got);

    public void Tensor(string what, JsonNode want, Tensor<float> got)
    {
        int[] shape = GoldenTensor.Shape(want);
        Assert.True(got.Shape.SequenceEqual(shape), $"{what}: shape {Shapes.Format(got.Shape)}, expected {Shapes.Format(shape)}.");
        ReadOnlySpan<float> values = got.IsContiguous ? got.AsSpan() : got.Clone().AsSpan();
        if (want["sample"] is { } sample)
        {
            Sample(what, want, sample, values);
            return;
        }
        JsonArray data = want["data"]!.AsArray();
        for (int i = 0; i < values.Length; i++)
            Number($"{what}, element {i} of {values.Length}", data[i], values[i]);
    }

    public void Zero(string what, JsonNode want)
        => Tensor(what, want, FlatFuse.Tensors.Tensor.Zeros<float>(GoldenTensor.Shape(want)));

    private void Sample(string what, JsonNode want, JsonNode sample, ReadOnlySpan<float> values)
    {
        JsonArray indices = sample["index"]!.AsArray();
        for (int i = 0; i < indices.Count; i++)
            Number($"{what}, element {indices[i]}", sample["value"]![i], values[(int)indices[i]!]);
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
            squares += (double)value * value;
        }
        double norm = (double)want["l2"]!;
        Number($"{what}, L2 norm", norm, Math.Sqrt(squares));
        // The sum may cancel: its error follows the size of the terms, which the norm bounds by sqrt(n).
        double allowed = (_absolute + _relative) * (1 + (norm * Math.Sqrt(values.Length)));
        Assert.True(Math.Abs(sum - (double)want["sum"]!) <= allowed, $"{what}, sum: {sum}, expected {want["sum"]} ± {allowed}.");
    }

    private void Number(string what, double want, double got)
    {
        bool agrees = double.IsFinite(want)
            ? Math.Abs(got - want) <= _absolute + (_relative * Math.Abs(want))
            : want.Equals(got);
        Assert.True(agrees, string.Create(CultureInfo.InvariantCulture, $"{what}: {got:R}, expected {want:R} (rtol {_relative}, atol {_absolute})."));
    }
}
