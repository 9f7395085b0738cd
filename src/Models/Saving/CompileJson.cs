using System.Text.Json.Nodes;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>What Compile was given, as JSON: optimizer, losses, loss weights and metrics, one an output.</summary>
internal static class CompileJson
{
    public static JsonObject Write(CompileSettings settings) => new()
    {
        ["optimizer"] = TrainingRegistry.Describe(settings.Optimizer),
        ["loss"] = List(settings.Losses, TrainingRegistry.Describe),
        ["loss_weights"] = List(settings.LossWeights, weight => JsonValue.Create(weight)),
        ["metrics"] = List(settings.Metrics, metrics => List(metrics, TrainingRegistry.Describe)),
    };

    public static CompileSettings Read(JsonNode json) => new(
        TrainingRegistry.CreateOptimizer(ArchitectureReader.Member<JsonObject>(json, "optimizer")),
        [.. ArchitectureReader.Member<JsonArray>(json, "loss").Select(loss => TrainingRegistry.CreateLoss(loss!))],
        [.. ArchitectureReader.Member<JsonArray>(json, "loss_weights").Select(weight => weight!.GetValue<double>())],
        [.. ArchitectureReader.Member<JsonArray>(json, "metrics").Select(list => list!.AsArray().Select(metric => TrainingRegistry.CreateMetric(metric!)).ToArray())]);

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonNode> write)
    {
        var list = new JsonArray();
        foreach (T item in items)
            list.Add(write(item));
        return list;
    }
}
