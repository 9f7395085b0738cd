using System.Text.Json.Nodes;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>metric</c>: the running result after each update.</summary>
internal static class MetricCases
{
    public static void Run(JsonObject goldenCase)
    {
        var check = new GoldenCheck(goldenCase);
        MetricState state = GoldenTraining.Metric(goldenCase["metric"]!).CreateState();
        JsonArray updates = goldenCase["updates"]!.AsArray();
        // Once more after a reset, which must leave nothing behind.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < updates.Count; i++)
            {
                JsonNode update = updates[i]!;
                state.Update(GoldenTensor.ReadFloat(update["y_true"]!), GoldenTensor.ReadFloat(update["y_pred"]!), GoldenTensor.ReadOptional(update["sample_weight"]));
                Compare(check, $"result {i} of pass {pass}", goldenCase["results"]![i], state);
            }
            state.Reset();
        }
    }
    // A metric with several values, one a class or a threshold, has a list.
    private static void Compare(GoldenCheck check, string what, JsonNode? want, MetricState got)
    {
        if (want is not JsonArray list)
        {
            check.Number(what, want, got.Result);
            return;
        }
        double[] values = got.Results;
        Assert.Equal(list.Count, values.Length);
        for (int k = 0; k < values.Length; k++)
            check.Number($"{what}, value {k}", list[k], values[k]);
    }
}
