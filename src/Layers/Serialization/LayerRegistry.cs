using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>
/// Layers by the class names that architecture files give them: a closed table, no reflection. Models are not in it: the floor
/// above reads those and hands its reader down for layers that hold layers.
/// </summary>
public static class LayerRegistry
{
    private static readonly Dictionary<string, Func<LayerConfig, Func<JsonObject, Layer>, Layer>> Factories = new(StringComparer.Ordinal)
    {
        ["Activation"] = (config, _) => Activation.FromConfig(config),
        ["Add"] = (config, _) => Add.FromConfig(config),
        ["ActivityRegularization"] = (config, _) => ActivityRegularization.FromConfig(config),
        ["AdditiveAttention"] = (config, _) => AdditiveAttention.FromConfig(config),
        ["AlphaDropout"] = (config, _) => AlphaDropout.FromConfig(config),
        ["Attention"] = (config, _) => Attention.FromConfig(config),
        ["Average"] = (config, _) => Average.FromConfig(config),
        ["AveragePooling1D"] = (config, _) => AveragePooling1D.FromConfig(config),
        ["AveragePooling2D"] = (config, _) => AveragePooling2D.FromConfig(config),
        ["BatchNormalization"] = (config, _) => BatchNormalization.FromConfig(config),
        ["Bidirectional"] = Bidirectional.FromConfig,
        ["CategoryEncoding"] = (config, _) => CategoryEncoding.FromConfig(config),
        ["Concatenate"] = (config, _) => Concatenate.FromConfig(config),
        ["Conv1D"] = (config, _) => Conv1D.FromConfig(config),
        ["Conv1DTranspose"] = (config, _) => Conv1DTranspose.FromConfig(config),
        ["Conv2D"] = (config, _) => Conv2D.FromConfig(config),
        ["Cropping1D"] = (config, _) => Cropping1D.FromConfig(config),
        ["Dense"] = (config, _) => Dense.FromConfig(config),
        ["DepthwiseConv1D"] = (config, _) => DepthwiseConv1D.FromConfig(config),
        ["Discretization"] = (config, _) => Discretization.FromConfig(config),
        ["Dot"] = (config, _) => Dot.FromConfig(config),
        ["Dropout"] = (config, _) => Dropout.FromConfig(config),
        ["ELU"] = (config, _) => ELU.FromConfig(config),
        ["Embedding"] = (config, _) => Embedding.FromConfig(config),
        ["Flatten"] = (config, _) => Flatten.FromConfig(config),
        ["GaussianDropout"] = (config, _) => GaussianDropout.FromConfig(config),
        ["GaussianNoise"] = (config, _) => GaussianNoise.FromConfig(config),
        ["GRU"] = (config, _) => GRU.FromConfig(config),
        ["GRUCell"] = (config, _) => GRUCell.FromConfig(config),
        ["GlobalAveragePooling1D"] = (config, _) => GlobalAveragePooling1D.FromConfig(config),
        ["GlobalAveragePooling2D"] = (config, _) => GlobalAveragePooling2D.FromConfig(config),
        ["GlobalMaxPooling1D"] = (config, _) => GlobalMaxPooling1D.FromConfig(config),
        ["GlobalMaxPooling2D"] = (config, _) => GlobalMaxPooling2D.FromConfig(config),
        ["GroupNormalization"] = (config, _) => GroupNormalization.FromConfig(config),
        ["InputLayer"] = (config, _) => Input.FromConfig(config),
        ["LSTM"] = (config, _) => LSTM.FromConfig(config),
        ["Lambda"] = (config, _) => throw new NotSupportedException($"Architecture: layer '{config.Name}' is a Lambda: a file can never name code. Make the model in code and load the weights alone."),
        ["LayerNormalization"] = (config, _) => LayerNormalization.FromConfig(config),
        ["LSTMCell"] = (config, _) => LSTMCell.FromConfig(config),
        ["LeakyReLU"] = (config, _) => LeakyReLU.FromConfig(config),
        ["Masking"] = (config, _) => Masking.FromConfig(config),
        ["MaxPooling1D"] = (config, _) => MaxPooling1D.FromConfig(config),
        ["MaxPooling2D"] = (config, _) => MaxPooling2D.FromConfig(config),
        ["Maximum"] = (config, _) => Maximum.FromConfig(config),
        ["Minimum"] = (config, _) => Minimum.FromConfig(config),
        ["MultiHeadAttention"] = (config, _) => MultiHeadAttention.FromConfig(config),
        ["Multiply"] = (config, _) => Multiply.FromConfig(config),
        ["Normalization"] = (config, _) => Normalization.FromConfig(config),
        ["PReLU"] = (config, _) => PReLU.FromConfig(config),
        ["Permute"] = (config, _) => Permute.FromConfig(config),
        ["RMSNormalization"] = (config, _) => RMSNormalization.FromConfig(config),
        ["RNN"] = RNN.FromConfig,
        ["ReLU"] = (config, _) => ReLU.FromConfig(config),
        ["RepeatVector"] = (config, _) => RepeatVector.FromConfig(config),
        ["Rescaling"] = (config, _) => Rescaling.FromConfig(config),
        ["Reshape"] = (config, _) => Reshape.FromConfig(config),
        ["SeparableConv1D"] = (config, _) => SeparableConv1D.FromConfig(config),
        ["SimpleRNN"] = (config, _) => SimpleRNN.FromConfig(config),
        ["SimpleRNNCell"] = (config, _) => SimpleRNNCell.FromConfig(config),
        ["Softmax"] = (config, _) => Softmax.FromConfig(config),
        ["SpatialDropout1D"] = (config, _) => SpatialDropout1D.FromConfig(config),
        ["Subtract"] = (config, _) => Subtract.FromConfig(config),
        ["TimeDistributed"] = TimeDistributed.FromConfig,
        ["UnitNormalization"] = (config, _) => UnitNormalization.FromConfig(config),
        ["UpSampling1D"] = (config, _) => UpSampling1D.FromConfig(config),
        ["ZeroPadding1D"] = (config, _) => ZeroPadding1D.FromConfig(config),
    };

    /// <summary>The class names that <see cref="Read(JsonObject, Func{JsonObject, Layer}?)"/> knows.</summary>
    public static IReadOnlyCollection<string> ClassNames => Factories.Keys;

    /// <summary>Makes a layer from <c>{"class_name", "config"}</c>, with its name and its <c>trainable</c>.</summary>
    /// <param name="json">The layer as an architecture file holds it.</param>
    /// <param name="readLayer">Reads a layer inside this one; this method itself when null.</param>
    /// <exception cref="InvalidDataException">The class is unknown, or the configuration is incomplete.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static Layer Read(JsonObject json, Func<JsonObject, Layer>? readLayer = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        string className = json["class_name"] is JsonValue value && value.TryGetValue(out string? name)
            ? name
            : throw new InvalidDataException($"Architecture: a layer has no class_name: {json.ToJsonString()}.");
        var config = new LayerConfig(json["config"] switch
        {
            null => [],
            JsonObject members => members,
            JsonNode other => throw new InvalidDataException($"Architecture: a {className} has the config {other.ToJsonString()}; expected an object."),
        });
        if (!Factories.TryGetValue(className, out Func<LayerConfig, Func<JsonObject, Layer>, Layer>? factory))
            throw new InvalidDataException($"Architecture: layer '{config.Name ?? "?"}' has the unknown class '{className}'; known are {string.Join(", ", Factories.Keys)}.");

        string? given = ReadName(config.Json);
        Layer layer = factory(config, readLayer ?? (inner => Read(inner)));
        layer.ReadRules(config);
        if (given is not null)
            layer.AssignName(given);
        if (!config.Bool("trainable", true))
            layer.Trainable = false;
        return layer;
    }

    /// <summary>Writes a layer as <c>{"class_name", "config"}</c>; <see cref="Read(JsonObject, Func{JsonObject, Layer}?)"/> makes it again.</summary>
    /// <param name="layer">The layer.</param>
    /// <exception cref="NotSupportedException">The layer is of a class of your own, or its work is code: what is written could not be read.</exception>
    public static JsonObject Write(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (!layer.HasFileForm)
            throw new NotSupportedException($"Architecture: layer '{layer.Name}' is of the class {layer.GetType().Name}, which is no part of FlatFuse: a file can name only FlatFuse's layers. Make the model in code and save the weights alone with SaveWeights, or compose the layer of FlatFuse's.");
        var config = new LayerConfig([]);
        config.Set("name", layer.Name);
        if (layer is not Input)
            config.Set("trainable", layer.Trainable);
        layer.WriteConfig(config);
        layer.WriteRules(config);
        return new JsonObject { ["class_name"] = layer.ClassName, ["config"] = config.Json };
    }

    /// <summary>The name in a layer's or model's configuration; null when missing or null.</summary>
    /// <exception cref="InvalidDataException">It is no text, or no layer can have it.</exception>
    internal static string? ReadName(JsonObject config)
    {
        if (config["name"] is not { } node)
            return null;
        string name = new LayerConfig(config).Text("name", "");
        return Layer.IsName(name)
            ? name
            : throw new InvalidDataException($"Architecture: 'name' is {node.ToJsonString()}; expected some text without '/', which separates the parts of a path.");
    }

    /// <summary>True for the layers of the table; a class of the same name elsewhere is another one.</summary>
    internal static bool Knows(Layer layer) => layer.GetType().Assembly == typeof(Layer).Assembly && Factories.ContainsKey(layer.ClassName);
}
