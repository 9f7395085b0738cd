using System.Globalization;
using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Reads the <c>fit</c> of a case: data, options, weights of samples and classes.</summary>
internal sealed class GoldenFit
{
    private readonly JsonObject _json;

    public GoldenFit(JsonObject json)
    {
        GoldenKeys.RefuseUnknown(json, "fit", "x", "y", "epochs", "batch_size", "shuffle", "sample_weight", "class_weight", "validation_data", "validation_split");
        _json = json;
        X = GoldenTraining.Tensors(json["x"]!);
        Y = GoldenTraining.Tensors(json["y"]!);
    }

    public Tensor[] X { get; }

    public Tensor[] Y { get; }

    public JsonArray Inputs => _json["x"]!.AsArray();

    /// <summary>What Fit is given; a key that is missing has Keras's default, except that nothing is ever shuffled unless the case says so.</summary>
    public FitOptions Options(params IReadOnlyList<Callback> callbacks) => new()
    {
        Epochs = (int?)_json["epochs"] ?? 1,
        BatchSize = (int?)_json["batch_size"] ?? 32,
        Shuffle = (bool?)_json["shuffle"] ?? false,
        SampleWeight = _json["sample_weight"] is JsonObject ? SampleWeight(0) : null,
        SampleWeights = Weights(_json["sample_weight"] as JsonArray),
        ClassWeight = ClassWeight,
        ValidationData = _json["validation_data"] is JsonObject data ? Validation(data) : null,
        ValidationSplit = (double?)_json["validation_split"] ?? 0,
        Verbosity = Verbosity.Silent,
        Callbacks = callbacks,
    };

    /// <summary>The weights of one output's entries on all samples, class weights included; null for none.</summary>
    public Tensor<float>? EntryWeights(int output)
    {
        Tensor<float>? weights = SampleWeight(output);
        return ClassWeight is { } classes ? DataDoor.ClassWeights(classes, GoldenTensor.ReadFloat(_json["y"]![output]!), weights) : weights;
    }

    private Dictionary<int, double>? ClassWeight
        => _json["class_weight"]?.AsObject().ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), entry => (double)entry.Value!);

    // One tensor is for every output, a list has one an output.
    private Tensor<float>? SampleWeight(int output)
        => GoldenTensor.ReadOptional(_json["sample_weight"] is JsonArray list ? list[output] : _json["sample_weight"]);

    private static Tensor<float>?[]? Weights(JsonArray? list) => list is null ? null : [.. list.Select(GoldenTensor.ReadOptional)];

    private static ValidationData Validation(JsonObject data)
    {
        GoldenKeys.RefuseUnknown(data, "fit.validation_data", "x", "y", "sample_weight");
        return new ValidationData(GoldenTraining.Tensors(data["x"]!), GoldenTraining.Tensors(data["y"]!))
        {
            SampleWeights = data["sample_weight"] is JsonObject one ? [GoldenTensor.ReadFloat(one)] : Weights(data["sample_weight"] as JsonArray),
        };
    }
}
