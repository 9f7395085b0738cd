using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>What the format allows beyond what the cases of this repository happen to use.</summary>
public sealed class GoldenFormatTests
{
    [Theory]
    [InlineData("val_mae", "val_MeanAbsoluteError")]
    [InlineData("val_mae", "val_mean_absolute_error")]
    [InlineData("cls_RootMeanSquaredError", "cls_root_mean_squared_error")]
    [InlineData("AUC", "auc")]
    [InlineData("val_KLDivergence", "val_kl_divergence")]
    [InlineData("mse", "MeanSquaredError")]
    public void A_history_key_may_have_the_spelling_of_the_class(string wanted, string ours)
        => Assert.Equal(ours, GoldenKeys.Find(wanted, ["loss", ours, "accuracy"]));

    [Fact]
    public void A_key_that_is_not_there_fails()
        => Assert.NotNull(Record.Exception(() => GoldenKeys.Find("mse", ["loss", "root_mean_squared_error"])));

    [Theory]
    [InlineData("fit")]
    [InlineData("compile")]
    public void An_unknown_setting_fails(string where)
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn("train_validation");
        goldenCase[where]!["steps_per_epoch"] = 3;
        Assert.Contains("steps_per_epoch", Assert.ThrowsAny<Exception>(() => GoldenRunner.Run(goldenCase)).Message);
    }

    [Fact]
    public void A_class_name_in_the_history_is_found_in_fit_and_evaluate()
    {
        JsonObject goldenCase = GoldenFolder.ReadOwn("train_validation");
        JsonObject history = goldenCase["history"]!.AsObject(), evaluation = goldenCase["evaluate_after"]!.AsObject();
        history["val_MeanAbsoluteError"] = history["val_mae"]!.DeepClone();
        history.Remove("val_mae");
        evaluation["MeanAbsoluteError"] = evaluation["mae"]!.DeepClone();
        evaluation.Remove("mae");
        GoldenRunner.Run(goldenCase);
    }

    [Fact]
    public void A_frozen_model_trains_nothing_and_agrees()
        => GoldenRunner.Run(TwoScalars("null", firstLoss: 1, total: 11));

    // Residuals 1 and 1 of the first output, 2 and 4 of the second: means 1 and 10.
    [Theory]
    [InlineData("null", 1, 11)]
    [InlineData("""{"shape":[2],"dtype":"float32","data":[2,0]}""", 1, 5)]
    [InlineData("""[{"shape":[2],"dtype":"float32","data":[1,3]},null]""", 2, 12)]
    public void Sample_weights_are_one_for_all_outputs_or_one_an_output(string weights, double firstLoss, double total)
        => GoldenRunner.Run(TwoScalars(weights, firstLoss, total));

    [Theory]
    [InlineData("sample_weight", """{"shape":[3],"dtype":"float32","data":[1,2,3]}""", "(3,)")]
    [InlineData("class_weight", """{"0":1,"1":2}""", "2 outputs")]
    [InlineData("validation_data", """{"x":[],"y":[]}""", "0 arrays")]
    [InlineData("batch_size", "0", "BatchSize")]
    public void An_error_case_hands_all_options_to_fit(string key, string value, string mention)
    {
        JsonObject goldenCase = TwoScalars("null", 1, 11);
        goldenCase["kind"] = "error";
        goldenCase["stage"] = "fit";
        goldenCase["must_mention"] = new JsonArray(mention);
        goldenCase["fit"]![key] = JsonNode.Parse(value);
        GoldenRunner.Run(goldenCase);
    }

    [Fact]
    public void Truth_values_are_tensors_too()
    {
        JsonNode json = JsonNode.Parse("""{"shape":[3],"dtype":"bool","data":[true,0,1]}""")!;
        Assert.True(GoldenTensor.IsDiscrete(json));
        Assert.Equal([true, false, true], Assert.IsType<Tensor<bool>>(GoldenTensor.Read(json)).ToArray());
    }

    [Fact]
    public void The_targets_of_every_own_loss_case_pass_the_check_that_fit_makes()
    {
        foreach (string name in GoldenFolder.OwnCases("loss_"))
        {
            JsonObject goldenCase = GoldenFolder.ReadOwn(name);
            int?[] output = [null, .. GoldenTensor.Shape(goldenCase["y_pred"]!)[1..]];
            GoldenTraining.Loss(goldenCase["loss"]!).CheckTargets(GoldenTensor.ReadFloat(goldenCase["y_true"]!), output);
        }
    }

    // x = (1, 2) through frozen kernels 2 and 3: (2, 4) and (3, 6) against (1, 3) and (1, 2).
    private static JsonObject TwoScalars(string weights, double firstLoss, double total)
    {
        const string Kernel = """{"name":"NAME/kernel","shape":[1,1],"dtype":"float32","trainable":false,"data":[VALUE]}""";
        string a = Kernel.Replace("NAME", "a").Replace("VALUE", "2"), b = Kernel.Replace("NAME", "b").Replace("VALUE", "3");
        string Layer(string name) => $$"""
            {"class_name":"Dense","name":"{{name}}","config":{"name":"{{name}}","units":1,"use_bias":false,"trainable":false,"kernel_regularizer":null},"inbound_nodes":[[["x",0,0,{}]]]}
            """;
        const string X = """{"shape":[2,1],"dtype":"float32","data":[1,2]}""", OfA = """{"shape":[2,1],"dtype":"float32","data":[2,4]}""", OfB = """{"shape":[2,1],"dtype":"float32","data":[3,6]}""";
        string secondLoss = $"{total - firstLoss}";
        return JsonNode.Parse($$"""
            {"kind":"training","tolerance":{"rtol":1e-6,"atol":1e-6},
             "model":{"class_name":"Functional","config":{"name":"two","layers":[
               {"class_name":"InputLayer","name":"x","config":{"name":"x","batch_input_shape":[null,1],"dtype":"float32"},"inbound_nodes":[]},
               {{Layer("a")}},{{Layer("b")}}],"input_layers":[["x",0,0]],"output_layers":[["a",0,0],["b",0,0]]} },
             "weights":[{{a}},{{b}}],
             "compile":{"optimizer":"sgd","loss":["mse","mse"],"metrics":null},
             "fit":{"x":[{{X}}],"y":[{"shape":[2,1],"dtype":"float32","data":[1,3]},{"shape":[2,1],"dtype":"float32","data":[1,2]}],
               "epochs":1,"batch_size":2,"shuffle":false,"sample_weight":{{weights}}},
             "first_step":{"outputs":[{{OfA}},{{OfB}}],"loss":{{total}},"output_losses":[{{firstLoss}},{{secondLoss}}],"weight_gradients":[]},
             "history":{"loss":[{{total}}],"a_loss":[{{firstLoss}}],"b_loss":[{{secondLoss}}]},"loss_per_step":[{{total}}],
             "final_weights":[{{a}},{{b}}],"predict_after":[{{OfA}},{{OfB}}],"evaluate_after":{"loss":11} }
            """)!.AsObject();
    }
}
