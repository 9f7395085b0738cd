using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>summary</c>, and the summaries inside other kinds: shapes and parameter counts, nested layers included.</summary>
internal static class SummaryCases
{
    public static void Run(JsonObject goldenCase)
    {
        Model model = ArchitectureReader.Read(goldenCase["model"]!);
        Check(model, goldenCase);
        JsonArray shapes = goldenCase["weights_shapes"]!.AsArray();
        Assert.Equal(shapes.Count, model.Weights.Count);
        foreach (JsonNode? weight in shapes)
            Assert.Equal(GoldenTensor.Shape(weight!), model.GetWeight((string)weight!["name"]!).Shape.ToArray());
    }

    public static void Check(Model model, JsonObject want)
    {
        ModelSummary got = model.Summary(TextWriter.Null);
        CheckLayers(want["layers"]!.AsArray(), got.Layers);
        Assert.Equal((long)want["total_params"]!, got.TotalParameters);
        Assert.Equal((long)want["total_params"]!, model.CountParameters());
        Assert.Equal((long)want["trainable_params"]!, got.TrainableParameters);
        Assert.Equal((long)want["non_trainable_params"]!, got.NonTrainableParameters);
    }

    private static void CheckLayers(JsonArray want, IReadOnlyList<LayerSummary> all)
    {
        LayerSummary[] got = [.. all.Where(layer => layer.ClassName != "InputLayer")];
        // The reference lists layers in the file's order, Keras and this library by depth.
        Assert.Equal(want.Select(layer => (string)layer!["name"]!).Order(StringComparer.Ordinal), got.Select(layer => layer.Name).Order(StringComparer.Ordinal));
        foreach (JsonNode? layer in want)
            CheckLayer(layer!, got.Single(row => row.Name == (string)layer!["name"]!));
    }

    private static void CheckLayer(JsonNode want, LayerSummary got)
    {
        Assert.Equal(Canonical((string)want["class_name"]!), Canonical(got.ClassName));
        string[] shapes = [.. want["output_shapes"]!.AsArray().Select(shape => new SymbolicShape([.. shape!.AsArray().Select(size => (int?)size)]).ToString())];
        Assert.Equal(shapes, got.OutputShapes.Select(shape => shape.ToString()));
        Assert.Equal((long)want["params"]!, got.Parameters);
        Assert.Equal((long)want["trainable_params"]!, got.TrainableParameters);
        CheckLayers(want["layers"]?.AsArray() ?? [], got.Layers);
    }

    private static string Canonical(string className) => className == "Model" ? "Functional" : className;
}
