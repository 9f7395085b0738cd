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

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value is of another kind, or a name is not known.</exception>
    public static CompileSettings Read(JsonNode json)
    {
        try
        {
            return ReadSettings(json);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"Compile settings: {error.Message}", error);
        }
    }

    private static CompileSettings ReadSettings(JsonNode json)
    {
        var settings = new CompileSettings(
            TrainingRegistry.CreateOptimizer(ArchitectureReader.Member<JsonObject>(json, "optimizer")),
            [.. ArchitectureReader.Member<JsonArray>(json, "loss").Select(loss => TrainingRegistry.CreateLoss(Known(loss, "loss")))],
            [.. ArchitectureReader.Member<JsonArray>(json, "loss_weights").Select(Number)],
            Metrics(ArchitectureReader.Member<JsonArray>(json, "metrics")));
        return json["weighted_metrics"] is JsonArray weighted ? settings with { WeightedMetrics = Metrics(weighted) } : settings;
    }

    private static JsonArray Metrics(IReadOnlyList<IReadOnlyList<Metric>> lists) => List(lists, metrics => List(metrics, TrainingRegistry.Describe));

    private static IReadOnlyList<IReadOnlyList<Metric>> Metrics(JsonArray lists)
        => [.. lists.Select(list => ((list as JsonArray) ?? throw Unexpected("metrics", list)).Select(metric => TrainingRegistry.CreateMetric(Known(metric, "metrics"))).ToArray())];

    private static double Number(JsonNode? node)
        => node is JsonValue value && value.TryGetValue(out double number) ? number : throw Unexpected("loss_weights", node);

    private static JsonNode Known(JsonNode? node, string key) => node ?? throw Unexpected(key, node);

    private static InvalidDataException Unexpected(string key, JsonNode? node)
        => new($"Compile settings: '{key}' holds {ArchitectureReader.Begin(node)}, which is of another kind.");

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonNode> write)
    {
        var list = new JsonArray();
        foreach (T item in items)
            list.Add(write(item));
        return list;
    }
}
