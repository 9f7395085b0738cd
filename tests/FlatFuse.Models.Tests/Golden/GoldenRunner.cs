using System.Text.Json.Nodes;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Runs a case of any kind. An unknown kind fails.</summary>
internal static class GoldenRunner
{
    public static void Run(JsonObject goldenCase)
    {
        string kind = (string)goldenCase["kind"]!;
        switch (kind)
        {
            case "layer" or "model":
                LayerCases.Run(goldenCase);
                break;
            case "training":
                TrainingCases.Run(goldenCase);
                break;
            case "loss":
                LossCases.Run(goldenCase);
                break;
            case "metric":
                MetricCases.Run(goldenCase);
                break;
            case "optimizer":
                OptimizerCases.Run(goldenCase);
                break;
            case "schedule":
                ScheduleCases.Run(goldenCase);
                break;
            case "summary":
                SummaryCases.Run(goldenCase);
                break;
            case "error":
                ErrorCases.Run(goldenCase);
                break;
            default:
                Assert.Fail($"The runner does not know the kind '{kind}'.");
                break;
        }
    }
}
