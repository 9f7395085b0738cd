using System.Text.Json.Nodes;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>What Compile was given, as JSON: optimizer, losses, loss weights and metrics, one an output.</summary>
internal static class CompileJson
{
    public static JsonObject Write(CompileSettings settings)
    {
        var json = new JsonObject
        {
            ["optimizer"] = TrainingRegistry.Describe(settings.Optimizer),
            ["loss"] = List(settings.Losses, TrainingRegistry.Describe),
            ["loss_weights"] = List(settings.LossWeights, weight => JsonValue.Create(weight)),
            ["metrics"] = Metrics(settings.Metrics),
        };
        if (settings.WeightedMetrics.Any(metrics => metrics.Count > 0))
            json["weighted_metrics"] = Metrics(settings.WeightedMetrics);
        return json;
    }

    public static CompileSettings Read(JsonNode json)
    {
        var settings = new CompileSettings(
            TrainingRegistry.CreateOptimizer(ArchitectureReader.Member<JsonObject>(json, "optimizer")),
            [.. ArchitectureReader.Member<JsonArray>(json, "loss").Select(loss => TrainingRegistry.CreateLoss(loss!))],
            [.. ArchitectureReader.Member<JsonArray>(json, "loss_weights").Select(weight => weight!.GetValue<double>())],
            Metrics(ArchitectureReader.Member<JsonArray>(json, "metrics")));
        return json["weighted_metrics"] is JsonArray weighted ? settings with { WeightedMetrics = Metrics(weighted) } : settings;
    }

    private static JsonArray Metrics(IReadOnlyList<IReadOnlyList<Metric>> lists) => List(lists, metrics => List(metrics, TrainingRegistry.Describe));

    private static IReadOnlyList<IReadOnlyList<Metric>> Metrics(JsonArray lists)
        => [.. lists.Select(list => list!.AsArray().Select(metric => TrainingRegistry.CreateMetric(metric!)).ToArray())];

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonNode> write)
    {
        var list = new JsonArray();
        foreach (T item in items)
            list.Add(write(item));
        return list;
    }
}
