using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Kinds <c>layer</c> and <c>model</c>: calls in order on one model object, with all gradients.</summary>
internal static class LayerCases
{
    public static void Run(JsonObject goldenCase)
    {
        Model model = GoldenModel.Build(goldenCase);
        var check = new GoldenCheck(goldenCase);
        JsonArray calls = goldenCase["calls"]!.AsArray();
        for (int i = 0; i < calls.Count; i++)
            RunCall(check, model, calls[i]!.AsObject(), $"call {i}");
    }

    private static void RunCall(GoldenCheck check, Model model, JsonObject call, string where)
    {
        GoldenKeys.RefuseUnknown(call, where, "training", "inputs", "outputs", "output_gradients", "input_gradients", "weight_gradients", "updated_weights", "output_masks");
        var context = new CallContext(training: (bool?)call["training"] ?? false);
        Variable[] inputs = GoldenModel.Inputs(call["inputs"]!.AsArray(), context);
        IReadOnlyList<LayerValue> outputs = GoldenModel.Run(model, inputs, context);

        JsonArray wantOutputs = call["outputs"]!.AsArray();
        Assert.Equal(wantOutputs.Count, outputs.Count);
        for (int i = 0; i < outputs.Count; i++)
            check.Tensor($"{where}, output {i}", wantOutputs[i]!, outputs[i].Variable.Value);
        if (call["output_masks"] is JsonArray masks)
            CheckMasks(check, where, masks, outputs);

        BackwardPass? pass = RunBackward(outputs, call["output_gradients"] as JsonArray ?? []);
        JsonArray inputGradients = call["input_gradients"] as JsonArray ?? [];
        for (int i = 0; i < inputGradients.Count; i++)
        {
            if (inputGradients[i] is { } want)
                GoldenModel.CheckGradient(check, $"{where}, gradient of input {i}", want, inputs[i], pass);
        }
        if (call["weight_gradients"] is JsonArray weightGradients)
            GoldenModel.CheckWeightGradients(check, model, weightGradients, pass);
        if (call["updated_weights"] is JsonArray updated)
            GoldenModel.CheckWeights(check, $"{where}, updated", model, updated);
    }

    private static void CheckMasks(GoldenCheck check, string where, JsonArray masks, IReadOnlyList<LayerValue> outputs)
    {
        Assert.Equal(outputs.Count, masks.Count);
        for (int i = 0; i < masks.Count; i++)
        {
            Assert.True((masks[i] is null) == (outputs[i].Mask is null), $"{where}: output {i} has {(outputs[i].Mask is null ? "no mask" : "a mask")}.");
            if (masks[i] is { } want)
                check.Tensor($"{where}, mask of output {i}", want, outputs[i].Mask!.Value);
        }
    }

    private static BackwardPass? RunBackward(IReadOnlyList<LayerValue> outputs, JsonArray gradients)
    {
        var roots = new List<Variable>();
        var seeds = new List<Tensor<float>>();
        for (int i = 0; i < gradients.Count; i++)
        {
            if (!outputs[i].Variable.RequiresGradient || gradients[i] is not { } gradient)
                continue;
            roots.Add(outputs[i].Variable);
            seeds.Add(GoldenTensor.ReadFloat(gradient));
        }
        if (roots.Count == 0)
            return null;
        BackwardPass pass = BackwardPass.Plan(roots, seeds);
        pass.Run();
        return pass;
    }
}
