using System.Text.Json.Nodes;
using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>optimizer</c>: all variables after each step, and the rate it used.</summary>
internal static class OptimizerCases
{
    public static void Run(JsonObject goldenCase)
    {
        var check = new GoldenCheck(goldenCase);
        Tensor<float>[] variables = [.. goldenCase["variables"]!.AsArray().Select(variable => GoldenTensor.ReadFloat(variable!))];
        WeightSegment segment = OneSegment(variables);
        OptimizerState state = GoldenTraining.Optimizer(goldenCase["optimizer"]!).CreateState([segment]);
        var workers = new Workers(threads: 1);

        JsonArray steps = goldenCase["gradients"]!.AsArray();
        for (int step = 0; step < steps.Count; step++)
        {
            for (int i = 0; i < variables.Length; i++)
                GoldenTensor.ReadFloat(steps[step]![i]!).AsSpan().CopyTo(Part(segment.Gradients, segment, i));
            check.Number($"learning rate of step {step}", goldenCase["learning_rates"]![step], state.CurrentLearningRate);
            state.Step(workers);
            for (int i = 0; i < variables.Length; i++)
                check.Tensor($"variable {i} after step {step}", goldenCase["trajectory"]![step]![i]!, Tensor.From<float>(Part(segment.Weights, segment, i), variables[i].Shape));
        }
    }

    // All in one segment with gaps between them, as a model lays them out.
    private static WeightSegment OneSegment(Tensor<float>[] variables)
    {
        const int Before = 3, Between = 5;
        int length = Before + variables.Sum(variable => variable.Count + Between);
        Tensor<float> weights = Tensor.Zeros<float>(length);
        var ranges = new WeightRange[variables.Length];
        int start = Before;
        for (int i = 0; i < variables.Length; i++)
        {
            ranges[i] = new WeightRange(start, variables[i].Count);
            variables[i].AsSpan().CopyTo(weights.AsSpan()[start..]);
            start += variables[i].Count + Between;
        }
        return new WeightSegment(weights, Tensor.Zeros<float>(length), ranges);
    }

    private static Span<float> Part(Tensor<float> whole, WeightSegment segment, int variable)
        => whole.AsSpan().Slice(segment.Variables[variable].Start, segment.Variables[variable].Length);
}
