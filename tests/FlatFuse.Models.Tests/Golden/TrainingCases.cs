using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>training</c>: one step by hand, then fit, predict and evaluate.</summary>
internal static class TrainingCases
{
    public static void Run(JsonObject goldenCase)
    {
        var check = new GoldenCheck(goldenCase);
        Model model = GoldenModel.Build(goldenCase);
        var fit = new GoldenFit(goldenCase["fit"]!.AsObject());
        JsonObject settings = goldenCase["compile"]!.AsObject();
        GoldenTraining.Compile(model, settings);
        // On a model of its own, so that it leaves no trace: moving statistics, recurrent state, weights.
        CheckFirstStep(check, GoldenModel.Build(goldenCase), settings, fit, goldenCase["first_step"]!.AsObject());

        var recorder = new LossRecorder();
        History history = model.Fit(fit.X, fit.Y, fit.Options(recorder));
        CheckHistory(check, goldenCase["history"]!.AsObject(), history);
        JsonArray losses = goldenCase["loss_per_step"]!.AsArray();
        Assert.Equal(losses.Count, recorder.Losses.Count);
        for (int i = 0; i < losses.Count; i++)
            check.Number($"loss of step {i}", losses[i], recorder.Losses[i]);
        GoldenModel.CheckWeights(check, "final", model, goldenCase["final_weights"]!.AsArray());

        int samples = fit.X[0].Shape[0];
        IReadOnlyList<Tensor<float>> predictions = model.PredictMany(fit.X, samples);
        JsonArray wanted = goldenCase["predict_after"]!.AsArray();
        for (int i = 0; i < wanted.Count; i++)
            check.Tensor($"prediction {i}", wanted[i]!, predictions[i]);
        Evaluation evaluation = model.Evaluate(fit.X, fit.Y, samples);
        foreach ((string key, JsonNode? value) in goldenCase["evaluate_after"]!.AsObject())
            check.Number($"evaluate, {key}", value, evaluation[GoldenKeys.Find(key, evaluation.Keys)]);
    }

    private static void CheckHistory(GoldenCheck check, JsonObject want, History got)
    {
        Assert.Equal(want.Count, got.Keys.Count);
        foreach ((string key, JsonNode? series) in want)
        {
            IReadOnlyList<double> values = got[GoldenKeys.Find(key, got.Keys)];
            Assert.Equal(series!.AsArray().Count, values.Count);
            for (int epoch = 0; epoch < values.Count; epoch++)
                check.Number($"history, {key} of epoch {epoch}", series[epoch], values[epoch]);
        }
    }

    // All of fit.x at once with training = true, outside Fit.
    private static void CheckFirstStep(GoldenCheck check, Model model, JsonObject settings, GoldenFit fit, JsonObject want)
    {
        GoldenKeys.RefuseUnknown(want, "first_step", "outputs", "loss", "output_losses", "weight_gradients");
        var context = new CallContext(training: true);
        IReadOnlyList<LayerValue> outputs = GoldenModel.Run(model, GoldenModel.Inputs(fit.Inputs, context), context);
        Assert.Equal(want["outputs"]!.AsArray().Count, outputs.Count);

        var losses = new List<Variable>();
        var scales = new List<Tensor<float>>();
        double total = 0;
        for (int i = 0; i < outputs.Count; i++)
        {
            check.Tensor($"first step, output {i}", want["outputs"]![i]!, outputs[i].Variable.Value);
            Loss loss = GoldenTraining.Loss(settings["loss"]![i]!);
            Variable value = loss.Compute(fit.Y[i].ToFloat(), outputs[i].Variable, fit.EntryWeights(i), outputs[i].Mask);
            check.Number($"first step, loss {i}", want["output_losses"]![i], value.Value.AsSpan()[0]);
            double scale = settings["loss_weights"]?[i] is { } given ? (double)given : 1;
            total += scale * value.Value.AsSpan()[0];
            // A frozen output has a loss, but nothing to learn from it.
            if (!value.RequiresGradient)
                continue;
            losses.Add(value);
            scales.Add(Tensor.From<float>([(float)scale], ReadOnlySpan<int>.Empty));
        }
        model.AddWeightPenalties(context);
        foreach (Variable added in context.Losses)
        {
            total += added.Value.AsSpan()[0];
            if (!added.RequiresGradient)
                continue;
            losses.Add(added);
            scales.Add(Tensor.Full(1f));
        }
        // Penalties of weights and activities count as they are.
        model.AddWeightPenalties(context);
        foreach (Variable penalty in context.Losses)
        {
            total += penalty.Value.AsSpan()[0];
            if (!penalty.RequiresGradient)
                continue;
            losses.Add(penalty);
            scales.Add(Tensor.From<float>([1f], ReadOnlySpan<int>.Empty));
        }
        check.Number("first step, total loss", want["loss"], total);

        BackwardPass? pass = losses.Count == 0 ? null : BackwardPass.Plan(losses, scales);
        pass?.Run();
        GoldenModel.CheckWeightGradients(check, model, want["weight_gradients"]!.AsArray(), pass);
    }

    private sealed class LossRecorder : Callback
    {
        public List<double> Losses { get; } = [];

        public override void OnBatchEnd(TrainingProgress progress) => Losses.Add(progress.BatchLoss);
    }
}
