using System.Text.Json.Nodes;

namespace FlatFuse.Training.Tests;

public class TrainingRegistryTests
{
    public static TheoryData<string> Losses => LossCases.Names;

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_survives_its_own_json(string name)
    {
        string json = TrainingRegistry.Describe(LossCases.All[name]).ToJsonString();
        Assert.Equal(json, TrainingRegistry.Describe(TrainingRegistry.CreateLoss(JsonNode.Parse(json)!)).ToJsonString());
        Assert.Equal(LossCases.All[name].GetType(), TrainingRegistry.CreateLoss(JsonNode.Parse(json)!).GetType());
    }

    [Theory]
    [InlineData("SGD", """{"learning_rate":0.5,"momentum":0.9,"nesterov":true,"weight_decay":null,"clipnorm":0.5,"global_clipnorm":null,"clipvalue":null}""")]
    [InlineData("RMSprop", """{"learning_rate":0.5,"rho":0.8,"momentum":0.1,"epsilon":0.001,"centered":true,"weight_decay":0.1,"clipnorm":null,"global_clipnorm":2,"clipvalue":null}""")]
    [InlineData("Adam", """{"learning_rate":0.5,"beta_1":0.8,"beta_2":0.9,"epsilon":0.001,"amsgrad":true,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":1}""")]
    [InlineData("AdamW", """{"learning_rate":0.5,"beta_1":0.8,"beta_2":0.9,"epsilon":0.001,"amsgrad":false,"weight_decay":0.02,"clipnorm":null,"global_clipnorm":null,"clipvalue":null}""")]
    [InlineData("Lion", """{"learning_rate":{"class_name":"CosineDecay","config":{"initial_learning_rate":0,"decay_steps":9,"alpha":0.1,"warmup_target":2,"warmup_steps":3}},"beta_1":0.8,"beta_2":0.9,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null}""")]
    [InlineData("Ftrl", """{"learning_rate":0.5,"learning_rate_power":-0.7,"initial_accumulator_value":0.2,"l1_regularization_strength":0.1,"l2_regularization_strength":0.3,"l2_shrinkage_regularization_strength":0.4,"beta":0.6,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null}""")]
    [InlineData("Adamax", """{"learning_rate":0.5,"beta_1":0.8,"beta_2":0.9,"epsilon":0.001,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":true,"ema_momentum":0.9,"ema_overwrite_frequency":5,"gradient_accumulation_steps":3}""")]
    public void An_optimizer_survives_its_own_json(string className, string config)
    {
        Optimizer optimizer = TrainingRegistry.CreateOptimizer(className, (JsonObject)JsonNode.Parse(config)!);
        JsonObject described = TrainingRegistry.Describe(optimizer);
        Assert.Equal(className, (string)described["class_name"]!);
        Assert.Equal(config, described["config"]!.ToJsonString());
    }

    [Fact]
    public void Names_alone_are_enough()
    {
        Assert.IsType<MeanSquaredError>(TrainingRegistry.CreateLoss(JsonValue.Create("mse")!));
        Assert.IsType<Adam>(TrainingRegistry.CreateOptimizer("adam"));
        Assert.Same(Metric.Accuracy, TrainingRegistry.CreateMetric("accuracy"));
    }

    [Fact]
    public void An_unknown_name_is_named_with_the_known_ones()
    {
        string message = Assert.Throws<ArgumentException>(() => TrainingRegistry.CreateLoss("mean_sqared_error")).Message;
        Assert.Contains("mean_sqared_error", message);
        Assert.Contains("MeanSquaredError", message);
        Assert.Contains("Adamm", Assert.Throws<ArgumentException>(() => TrainingRegistry.CreateOptimizer("Adamm")).Message);
        Assert.Contains("F2", Assert.Throws<ArgumentException>(() => TrainingRegistry.CreateMetric("F2")).Message);
        Assert.Contains("Decay", Assert.Throws<ArgumentException>(() => TrainingRegistry.CreateSchedule("Decay", null)).Message);
    }

    [Fact]
    public void An_unknown_key_or_a_wrong_value_is_refused()
    {
        Assert.Contains("'detla'", Refusal(() => TrainingRegistry.CreateLoss("Huber", new JsonObject { ["detla"] = 2 })));
        Assert.Contains("a number", Refusal(() => TrainingRegistry.CreateLoss("Huber", new JsonObject { ["delta"] = "two" })));
        Assert.Contains("reduction", Refusal(() => TrainingRegistry.CreateLoss("Huber", new JsonObject { ["reduction"] = "avg" })));
        Assert.Contains("loss_scale_factor", Refusal(() => TrainingRegistry.CreateOptimizer("Adam", new JsonObject { ["loss_scale_factor"] = 2 })));
        Assert.Contains("decay_steps", Refusal(() => TrainingRegistry.CreateSchedule("CosineDecay", new JsonObject { ["initial_learning_rate"] = 1 })));
        Assert.Contains("multi_lable", Refusal(() => TrainingRegistry.CreateMetric("AUC", new JsonObject { ["multi_lable"] = true })));
    }

    [Fact]
    public void What_keras_writes_by_default_is_accepted()
    {
        var config = (JsonObject)JsonNode.Parse("""
            {"name":"adam","learning_rate":0.0010000000474974513,"weight_decay":null,"clipnorm":null,"global_clipnorm":null,"clipvalue":null,"use_ema":false,
             "ema_momentum":0.99,"ema_overwrite_frequency":null,"loss_scale_factor":null,"gradient_accumulation_steps":null,"beta_1":0.9,"beta_2":0.999,"epsilon":1e-07,"amsgrad":false}
            """)!;
        Assert.Equal(0.0010000000474974513, TrainingRegistry.CreateOptimizer("Adam", config).LearningRate.At(0));
    }

    [Fact]
    public void A_default_name_is_no_key_and_another_one_is()
    {
        Assert.Equal("accuracy", TrainingRegistry.CreateMetric("BinaryAccuracy", new JsonObject { ["name"] = "binary_accuracy" }).Name);
        Assert.Equal("auc", TrainingRegistry.CreateMetric("AUC", new JsonObject { ["name"] = "auc" }).Name);
        Metric named = TrainingRegistry.CreateMetric("AUC", new JsonObject { ["name"] = "area" });
        Assert.Equal("area", named.Name);
        Assert.Equal("area", TrainingRegistry.CreateMetric(TrainingRegistry.Describe(named)).Name);
    }

    [Fact]
    public void A_null_reduction_means_none()
        => Assert.Equal(LossReduction.None, TrainingRegistry.CreateLoss("Huber", new JsonObject { ["reduction"] = null }).Reduction);

    [Fact]
    public void What_is_no_part_of_flatfuse_has_no_json_form()
        => Assert.Contains("HalfSquare", Assert.Throws<NotSupportedException>(() => TrainingRegistry.Describe(new HalfSquare())).Message);

    private static string Refusal(Func<object> create) => Assert.Throws<ArgumentException>(create).Message;

    private sealed class HalfSquare() : Loss("half_square")
    {
        protected internal override void Values(in LossBatch batch, Span<float> values) => values.Clear();

        protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate) => dPrediction.Clear();
    }
}
