using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>error</c>: the library throws at the named stage or earlier, with a message that says what a person needs.</summary>
internal static class ErrorCases
{
    private static readonly string[] Stages = ["build", "set_weights", "compile", "call", "fit"];

    public static void Run(JsonObject goldenCase)
    {
        string last = (string)goldenCase["stage"]!;
        Assert.Contains(last, Stages);
        bool nanWillDo = (string?)goldenCase["severity"] == "nan_or_error";
        Model? model = null;
        double loss = 0;
        Exception? thrown = Record.Exception(() =>
        {
            foreach (string stage in Stages)
            {
                loss = RunStage(goldenCase, stage, ref model);
                if (stage == last)
                    break;
            }
        });
        if (thrown is null && nanWillDo)
        {
            Assert.True(double.IsNaN(loss), $"The loss is {loss}, expected NaN or an exception.");
            return;
        }
        Assert.True(thrown is not null, $"Nothing was thrown up to stage '{last}': {goldenCase["why"]}");
        Assert.True(IsRefusal(thrown), $"{thrown}");
        foreach (JsonNode? mention in goldenCase["must_mention"]!.AsArray())
            Assert.True(Normal(thrown.Message).Contains(Normal((string)mention!), StringComparison.Ordinal), $"The message does not mention '{mention}': {thrown.Message}");
    }

    private static double RunStage(JsonObject goldenCase, string stage, ref Model? model)
    {
        switch (stage)
        {
            case "build":
                model = GoldenModel.Build(goldenCase);
                break;
            case "set_weights" when goldenCase["weights"] is JsonArray weights:
                foreach (JsonNode? weight in weights)
                    model!.GetWeight((string)weight!["name"]!).Assign(GoldenTensor.ReadFloat(weight));
                break;
            case "compile" when goldenCase["compile"] is JsonObject settings:
                GoldenTraining.Compile(model!, settings);
                break;
            case "call" when goldenCase["inputs"] is JsonArray inputs:
                model!.PredictMany([.. inputs.Select(input => GoldenTensor.Read(input!))]);
                break;
            case "fit" when goldenCase["fit"] is JsonObject fit:
                var data = new GoldenFit(fit);
                History history = model!.Fit(data.X, data.Y, data.Options());
                return history["loss"][^1];
        }
        return 0;
    }

    // What a person did wrong, and not what the library did: a null reference or an index out of range is no refusal.
    private static bool IsRefusal(Exception thrown)
        => thrown is ArgumentException or InvalidOperationException or InvalidDataException or FormatException
            or NotSupportedException or OverflowException or KeyNotFoundException;

    private static string Normal(string text)
        => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).ToLowerInvariant()
            .Replace('[', '(').Replace(']', ')')
            .Replace("null", "none", StringComparison.Ordinal).Replace("?", "none", StringComparison.Ordinal);
}
