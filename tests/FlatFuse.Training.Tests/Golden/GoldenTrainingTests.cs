using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

/// <summary>Every golden case of a loss, optimizer, metric or schedule, through the JSON registry and once more through what it writes.</summary>
public class GoldenTrainingTests
{
    public static TheoryData<string> Losses => GoldenCase.Names("loss");

    public static TheoryData<string> Optimizers => GoldenCase.Names("opt");

    public static TheoryData<string> Metrics => GoldenCase.Names("metric");

    public static TheoryData<string> Schedules => GoldenCase.Names("schedule");

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_and_gradient_agree_with_the_golden_case(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        Loss loss = TrainingRegistry.CreateLoss(TrainingRegistry.Describe(TrainingRegistry.CreateLoss(golden["loss"])));
        Tensor<float> yTrue = GoldenCase.Tensor(golden["y_true"]), yPred = GoldenCase.Tensor(golden["y_pred"]);
        Tensor<float>? weight = golden["sample_weight"] is { } json ? GoldenCase.Tensor(json) : null;
        int?[] outputShape = [null, .. yPred.Shape[1..].ToArray().Select(size => (int?)size)];
        loss.CheckTargets(yTrue, outputShape);

        var context = new CallContext(workers: new Workers(threads: 1));
        Variable prediction = context.Leaf(yPred);
        Variable value = loss.Compute(yTrue, prediction, weight);
        Tensor<float> ones = Tensor.Zeros<float>(value.Shape);
        ones.AsSpan().Fill(1f);
        value.Backward(ones);

        golden.Compare(golden["value"], value.Shape, value.Value.AsSpan());
        golden.Compare(golden["y_pred_gradient"], yPred.Shape, prediction.Gradient!.AsSpan());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Optimizer_follows_the_golden_trajectory(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        Optimizer optimizer = TrainingRegistry.CreateOptimizer(TrainingRegistry.Describe(TrainingRegistry.CreateOptimizer(golden["optimizer"])));
        Tensor<float>[] variables = [.. golden["variables"].AsArray().Select(json => GoldenCase.Tensor(json!))];

        // All variables in one segment with gaps between them, as a model lays them out.
        WeightRange[] ranges = new WeightRange[variables.Length];
        int length = 3;
        for (int i = 0; i < variables.Length; i++)
        {
            ranges[i] = new WeightRange(length, variables[i].Count);
            length += variables[i].Count + 5;
        }
        var segment = new WeightSegment(Tensor.Zeros<float>(length), Tensor.Zeros<float>(length), ranges);
        for (int i = 0; i < variables.Length; i++)
            variables[i].CopyTo(segment.Weights.AsSpan().Slice(ranges[i].Start, ranges[i].Length));

        OptimizerState state = optimizer.CreateState([segment]);
        var workers = new Workers(threads: 1);
        JsonArray steps = golden["gradients"].AsArray();
        for (int k = 0; k < steps.Count; k++)
        {
            for (int i = 0; i < variables.Length; i++)
                GoldenCase.Tensor(steps[k]![i]!).CopyTo(segment.Gradients.AsSpan().Slice(ranges[i].Start, ranges[i].Length));
            golden.Compare(golden["learning_rates"][k]!, state.CurrentLearningRate);
            state.Step(workers);
            for (int i = 0; i < variables.Length; i++)
                golden.Compare(golden["trajectory"][k]![i]!, variables[i].Shape, segment.Weights.AsSpan().Slice(ranges[i].Start, ranges[i].Length));
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Metric_runs_as_the_golden_case_says(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        Metric metric = TrainingRegistry.CreateMetric(TrainingRegistry.Describe(TrainingRegistry.CreateMetric(golden["metric"])));
        MetricState state = metric.CreateState();
        JsonArray updates = golden["updates"].AsArray();
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = 0; k < updates.Count; k++)
            {
                JsonNode update = updates[k]!;
                Tensor<float>? weight = update["sample_weight"] is { } json ? GoldenCase.Tensor(json) : null;
                state.Update(GoldenCase.Tensor(update["y_true"]!), GoldenCase.Tensor(update["y_pred"]!), weight);
                golden.Compare(golden["results"][k]!, state.Result);
            }
            state.Reset();
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Schedule_gives_the_golden_rates(string name)
    {
        GoldenCase golden = GoldenCase.Read(name);
        LearningRateSchedule schedule = TrainingRegistry.CreateSchedule(TrainingRegistry.Describe(TrainingRegistry.CreateSchedule(golden["schedule"])));
        JsonArray steps = golden["steps"].AsArray();
        for (int k = 0; k < steps.Count; k++)
            golden.Compare(golden["values"][k]!, schedule.At((long)steps[k]!));
    }
}
