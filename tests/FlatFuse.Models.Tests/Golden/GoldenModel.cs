using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Builds a case's model and sets its weights by name.</summary>
internal static class GoldenModel
{
    public static Model Build(JsonObject goldenCase)
    {
        Model model = ArchitectureReader.Read(goldenCase["model"]!);
        if (goldenCase["summary"] is JsonObject summary)
            SummaryCases.Check(model, summary);
        if (goldenCase["weights"] is JsonArray weights && (string?)goldenCase["kind"] != "error")
            SetWeights(model, weights);
        return model;
    }

    public static void SetWeights(Model model, JsonArray weights)
    {
        string[] given = [.. weights.Select(weight => (string)weight!["name"]!)];
        Assert.Equal(given.Order(StringComparer.Ordinal), model.Weights.Select(weight => weight.Path).Order(StringComparer.Ordinal));
        foreach (JsonNode? weight in weights)
        {
            Parameter parameter = model.GetWeight((string)weight!["name"]!);
            Assert.True(parameter.Trainable == (bool)weight["trainable"]!, $"{weight["name"]}: trainable is {parameter.Trainable}.");
            parameter.Assign(GoldenTensor.ReadFloat(weight));
        }
    }

    /// <summary>Constants for whole numbers, leaves whose gradient is wanted for the others.</summary>
    public static Variable[] Inputs(JsonArray inputs, CallContext context)
        => [.. inputs.Select(input => GoldenTensor.IsDiscrete(input!) ? context.Constant(GoldenTensor.ReadFloat(input!)) : context.Leaf(GoldenTensor.ReadFloat(input!)))];

    public static IReadOnlyList<LayerValue> Run(Model model, Variable[] inputs, CallContext context)
        => model.Run(Array.ConvertAll(inputs, input => new LayerValue(input)), context);

    public static void CheckWeightGradients(GoldenCheck check, Model model, JsonArray want, BackwardPass? pass)
    {
        Assert.Equal(
            want.Select(weight => (string)weight!["name"]!).Order(StringComparer.Ordinal),
            model.Weights.Where(weight => weight.Parameter.Trainable).Select(weight => weight.Path).Order(StringComparer.Ordinal));
        foreach (JsonNode? weight in want)
        {
            string name = (string)weight!["name"]!;
            CheckGradient(check, $"gradient of {name}", weight, model.GetWeight(name), pass);
        }
    }

    public static void CheckGradient(GoldenCheck check, string what, JsonNode want, Variable variable, BackwardPass? pass)
    {
        if (pass?.Reaches(variable) == true)
            check.Tensor(what, want, variable.Gradient!);
        else
            check.Zero(what, want);
    }

    public static void CheckWeights(GoldenCheck check, string what, Model model, JsonArray want)
    {
        foreach (JsonNode? weight in want)
            check.Tensor($"{what} {weight!["name"]}", weight, model.GetWeight((string)weight["name"]!).Value);
    }
}
