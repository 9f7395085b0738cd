using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kind <c>loss</c>: the value, and the gradient of its sum with respect to the predictions.</summary>
internal static class LossCases
{
    public static void Run(JsonObject goldenCase)
    {
        var check = new GoldenCheck(goldenCase);
        Loss loss = GoldenTraining.Loss(goldenCase["loss"]!);
        var context = new CallContext(training: true);
        Variable prediction = context.Leaf(GoldenTensor.ReadFloat(goldenCase["y_pred"]!));
        Variable value = loss.Compute(GoldenTensor.ReadFloat(goldenCase["y_true"]!), prediction, GoldenTensor.ReadOptional(goldenCase["sample_weight"]));
        check.Tensor("value", goldenCase["value"]!, value.Value);

        Tensor<float> ones = Tensor.Zeros<float>(value.Shape);
        ones.AsSpan().Fill(1f);
        value.Backward(ones);
        if (goldenCase["y_pred_gradient"] is { } gradient)
            check.Tensor("gradient of y_pred", gradient, prediction.Gradient!);
    }
}
