using System.Text.Json.Nodes;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Reads losses, optimizers, metrics and data of a case.</summary>
internal static class GoldenTraining
{
    public static Loss Loss(JsonNode json) => TrainingRegistry.CreateLoss(json);

    public static Metric Metric(JsonNode json) => TrainingRegistry.CreateMetric(json);

    public static Optimizer Optimizer(JsonNode json) => TrainingRegistry.CreateOptimizer(json);

    public static LearningRateSchedule Schedule(JsonNode json) => TrainingRegistry.CreateSchedule(json);

    public static Tensor[] Tensors(JsonNode json) => [.. json.AsArray().Select(tensor => GoldenTensor.Read(tensor!))];

    public static void Compile(Model model, JsonObject settings)
        => model.Compile(
            Optimizer(settings["optimizer"]!),
            [.. settings["loss"]!.AsArray().Select(loss => Loss(loss!))],
            settings["metrics"] is JsonArray metrics ? [.. metrics.Select(list => list!.AsArray().Select(metric => Metric(metric!)).ToArray())] : null,
            settings["loss_weights"] is JsonArray weights ? [.. weights.Select(weight => (double)weight!)] : null);
}
