using System.Text.Json.Nodes;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>The runner itself: it must see a number that is wrong, wherever it stands in a case.</summary>
public sealed class GoldenRunnerTests
{
    [Theory]
    [InlineData("dense_2d", "calls/0/outputs/0/data/0")]
    [InlineData("dense_2d", "calls/0/input_gradients/0/data/1")]
    [InlineData("dense_2d", "calls/0/weight_gradients/0/data/2")]
    [InlineData("lstm_masked_by_embedding_sequences", "calls/0/output_masks/0/data/0")]
    [InlineData("train_validation", "first_step/loss")]
    [InlineData("train_validation", "first_step/weight_gradients/0/data/0")]
    [InlineData("train_validation", "history/val_mae/1")]
    [InlineData("train_validation", "loss_per_step/5")]
    [InlineData("train_validation", "final_weights/2/data/0")]
    [InlineData("train_validation", "predict_after/0/data/3")]
    [InlineData("train_validation", "evaluate_after/mae")]
    [InlineData("seed_s0e1_full", "first_step/weight_gradients/0/sample/value/3")]
    [InlineData("seed_s0e1_full", "first_step/weight_gradients/0/l2")]
    [InlineData("loss_huber", "value/data/0")]
    [InlineData("loss_huber", "y_pred_gradient/data/0")]
    [InlineData("metric_auc_roc", "results/0")]
    [InlineData("opt_adam", "trajectory/3/1/data/0")]
    [InlineData("opt_adam", "learning_rates/2")]
    [InlineData("schedule_cosine", "values/4")]
    [InlineData("summary_seed_s4e3", "layers/0/output_shapes/1/1")]
    [InlineData("summary_seed_s4e3", "layers/0/layers/0/params")]
    [InlineData("summary_seed_s4e3", "weights_shapes/0/shape/0")]
    public void A_wrong_number_is_seen(string name, string place)
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn(name);
        GoldenRunner.Run(goldenCase);
        Spoil(goldenCase, place.Split('/'));
        Assert.NotNull(Record.Exception(() => GoldenRunner.Run(goldenCase)));
    }

    [Fact]
    public void A_mention_that_is_missing_is_seen()
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn("error_conv1d_on_rank2");
        GoldenRunner.Run(goldenCase);
        goldenCase["must_mention"] = new JsonArray("conv1d", "(None, 9)");
        Assert.NotNull(Record.Exception(() => GoldenRunner.Run(goldenCase)));
    }

    [Fact]
    public void An_unknown_kind_fails()
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn("dense_2d");
        goldenCase["kind"] = "regularizer";
        Assert.NotNull(Record.Exception(() => GoldenRunner.Run(goldenCase)));
    }

    [Fact]
    public void An_unknown_layer_fails()
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn("dense_2d");
        goldenCase["model"]!["config"]!["layers"]![1]!["class_name"] = "Denser";
        Assert.Contains("Denser", Assert.ThrowsAny<Exception>(() => GoldenRunner.Run(goldenCase)).Message);
    }

    [Fact]
    public void Generated_tensors_begin_as_the_reference_says()
    {
        Assert.Equal([-0.529089808f, -0.393454313f, 0.916690707f, 0.656717658f], Generate(12345, 1, 0));
        Assert.Equal([1.39419007f, 0.793615758f, 1.2638545f, 1.44363618f], Generate(268435455, 0.5, 1));
    }

    private static float[] Generate(long seed, double scale, double offset)
        => GoldenTensor.ReadFloat(new JsonObject
        {
            ["shape"] = new JsonArray(4),
            ["gen"] = new JsonObject { ["seed"] = seed, ["scale"] = scale, ["offset"] = offset },
        }).AsSpan().ToArray();

    private static void Spoil(JsonNode root, string[] place)
    {
        JsonNode node = root;
        foreach (string step in place[..^1])
            node = Step(node, step)!;
        double value = GoldenTensor.Number(Step(node, place[^1]));
        // Whole numbers stay whole: they are counts and sizes.
        JsonNode spoiled = value == Math.Truncate(value) ? JsonValue.Create((long)value + 1) : JsonValue.Create((value * 1.01) + 0.01);
        if (node is JsonArray list)
            list[int.Parse(place[^1])] = spoiled;
        else
            node[place[^1]] = spoiled;
    }

    private static JsonNode? Step(JsonNode node, string step) => node is JsonArray list ? list[int.Parse(step)] : node[step];
}
