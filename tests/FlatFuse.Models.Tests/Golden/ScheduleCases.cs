using System.Text.Json.Nodes;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>schedule</c>: the learning rate at given steps.</summary>
internal static class ScheduleCases
{
    public static void Run(JsonObject goldenCase)
    {
        var check = new GoldenCheck(goldenCase);
        LearningRateSchedule schedule = GoldenTraining.Schedule(goldenCase["schedule"]!);
        JsonArray steps = goldenCase["steps"]!.AsArray();
        for (int i = 0; i < steps.Count; i++)
            check.Number($"rate at step {steps[i]}", goldenCase["values"]![i], schedule.At((long)steps[i]!));
    }
}
