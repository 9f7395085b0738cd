using System.Text.Json.Nodes;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>
/// Reads losses, optimizers, metrics and data of a case. Each description is read, written and read again, so that a case also proves
/// that nothing is lost on the way through JSON.
/// </summary>
internal static class GoldenTraining
{
    public static Loss Loss(JsonNode json) => TrainingRegistry.CreateLoss(TrainingRegistry.Describe(TrainingRegistry.CreateLoss(json)));

    public static Metric Metric(JsonNode json) => TrainingRegistry.CreateMetric(TrainingRegistry.Describe(TrainingRegistry.CreateMetric(json)));

    public static Optimizer Optimizer(JsonNode json) => TrainingRegistry.CreateOptimizer(TrainingRegistry.Describe(TrainingRegistry.CreateOptimizer(json)));

    public static LearningRateSchedule Schedule(JsonNode json) => TrainingRegistry.CreateSchedule(TrainingRegistry.Describe(TrainingRegistry.CreateSchedule(json)));

    public static Tensor[] Tensors(JsonNode json) => [.. json.AsArray().Select(tensor => GoldenTensor.Read(tensor!))];

    public static void Compile(Model model, JsonObject settings)
    {
        GoldenKeys.RefuseUnknown(settings, "compile", "optimizer", "loss", "metrics", "loss_weights", "weighted_metrics");
        model.Compile(
            Optimizer(settings["optimizer"]!),
            [.. settings["loss"]!.AsArray().Select(loss => Loss(loss!))],
            (settings["metrics"] as JsonArray)?.Select(Metrics).ToArray(),
            (settings["loss_weights"] as JsonArray)?.Select(weight => (double)weight!).ToArray(),
            (settings["weighted_metrics"] as JsonArray)?.Select(Metrics).ToArray());
    }

    private static Metric[] Metrics(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(metric => Metric(metric!))];
}
