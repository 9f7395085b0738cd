using System.Globalization;
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
        JsonObject fit = goldenCase["fit"]!.AsObject();
        JsonObject settings = goldenCase["compile"]!.AsObject();
        GoldenTraining.Compile(model, settings);
        CheckFirstStep(check, model, settings, fit, goldenCase["first_step"]!.AsObject());

        Tensor[] x = GoldenTraining.Tensors(fit["x"]!), y = GoldenTraining.Tensors(fit["y"]!);
        var recorder = new LossRecorder();
        History history = model.Fit(x, y, Options(fit, recorder));
        CheckHistory(check, goldenCase["history"]!.AsObject(), history);
        JsonArray losses = goldenCase["loss_per_step"]!.AsArray();
        Assert.Equal(losses.Count, recorder.Losses.Count);
        for (int i = 0; i < losses.Count; i++)
            check.Number($"loss of step {i}", losses[i], recorder.Losses[i]);
        GoldenModel.CheckWeights(check, "final", model, goldenCase["final_weights"]!.AsArray());

        int samples = x[0].Shape[0];
        IReadOnlyList<Tensor<float>> predictions = model.PredictMany(x, samples);
        JsonArray wanted = goldenCase["predict_after"]!.AsArray();
        for (int i = 0; i < wanted.Count; i++)
            check.Tensor($"prediction {i}", wanted[i]!, predictions[i]);
        Evaluation evaluation = model.Evaluate(x, y, samples);
        foreach ((string key, JsonNode? value) in goldenCase["evaluate_after"]!.AsObject())
            check.Number($"evaluate, {key}", value, evaluation[key]);
    }

    private static FitOptions Options(JsonObject fit, Callback recorder) => new()
    {
        Epochs = (int)fit["epochs"]!,
        BatchSize = (int)fit["batch_size"]!,
        Shuffle = (bool)fit["shuffle"]!,
        SampleWeight = GoldenTensor.ReadOptional(fit["sample_weight"]),
        ClassWeight = ClassWeight(fit),
        ValidationData = fit["validation_data"] is { } data ? new ValidationData(GoldenTraining.Tensors(data["x"]!), GoldenTraining.Tensors(data["y"]!)) : null,
        Verbosity = Verbosity.Silent,
        Callbacks = [recorder],
    };

    private static Dictionary<int, double>? ClassWeight(JsonObject fit)
        => fit["class_weight"]?.AsObject().ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), entry => (double)entry.Value!);

    private static void CheckHistory(GoldenCheck check, JsonObject want, History got)
    {
        Assert.Equal(want.Select(series => series.Key).Order(StringComparer.Ordinal), got.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, JsonNode? series) in want)
        {
            Assert.Equal(series!.AsArray().Count, got[key].Count);
            for (int epoch = 0; epoch < got[key].Count; epoch++)
                check.Number($"history, {key} of epoch {epoch}", series[epoch], got[key][epoch]);
        }
    }

    // All of fit.x at once with training = true, outside Fit, leaving no trace.
    private static void CheckFirstStep(GoldenCheck check, Model model, JsonObject settings, JsonObject fit, JsonObject want)
    {
        NamedWeight[] states = [.. model.Weights.Where(weight => !weight.Parameter.Trainable)];
        Tensor<float>[] before = [.. states.Select(state => state.Parameter.Value.Clone())];
        var context = new CallContext(training: true);
        Variable[] inputs = GoldenModel.Inputs(fit["x"]!.AsArray(), context);
        IReadOnlyList<LayerValue> outputs = GoldenModel.Run(model, inputs, context);

        Variable[] losses = new Variable[outputs.Count];
        var scales = new Tensor<float>[outputs.Count];
        double total = 0;
        for (int i = 0; i < outputs.Count; i++)
        {
            check.Tensor($"first step, output {i}", want["outputs"]![i]!, outputs[i].Variable.Value);
            Tensor<float> target = GoldenTensor.ReadFloat(fit["y"]![i]!);
            Loss loss = GoldenTraining.Loss(settings["loss"]![i]!);
            losses[i] = loss.Compute(target, outputs[i].Variable, SampleWeight(fit, target), outputs[i].Mask);
            double value = losses[i].Value.AsSpan()[0];
            check.Number($"first step, loss {i}", want["output_losses"]![i], value);
            double scale = settings["loss_weights"]?[i] is { } given ? (double)given : 1;
            scales[i] = Tensor.From<float>([(float)scale], ReadOnlySpan<int>.Empty);
            total += scale * value;
        }
        check.Number("first step, total loss", want["loss"], total);

        BackwardPass pass = BackwardPass.Plan(losses, scales);
        pass.Run();
        GoldenModel.CheckWeightGradients(check, model, want["weight_gradients"]!.AsArray(), pass);
        for (int i = 0; i < states.Length; i++)
            states[i].Parameter.Assign(before[i]);
    }

    private static Tensor<float>? SampleWeight(JsonObject fit, Tensor<float> target)
    {
        Tensor<float>? weights = GoldenTensor.ReadOptional(fit["sample_weight"]);
        return ClassWeight(fit) is { } classes ? DataDoor.ClassWeights(classes, target, weights) : weights;
    }

    private sealed class LossRecorder : Callback
    {
        public List<double> Losses { get; } = [];

        public override void OnBatchEnd(TrainingProgress progress) => Losses.Add(progress.BatchLoss);
    }
}
