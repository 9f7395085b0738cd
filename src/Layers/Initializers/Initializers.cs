using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Initializers by the names that architecture files give them: a closed table, so that trimming keeps what files need.</summary>
public static class Initializers
{
    /// <summary>Reads an initializer.</summary>
    /// <param name="node">Keras's <c>{"class_name", "config"}</c>, or a name such as <c>"glorot_uniform"</c>.</param>
    /// <exception cref="InvalidDataException">There is no such initializer.</exception>
    public static Initializer FromConfig(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node is JsonObject description)
            return FromName(new LayerConfig(description).Text("class_name", ""), description["config"] as JsonObject ?? []);
        if (node is JsonValue value && value.TryGetValue(out string? name))
            return FromName(name, []);
        throw new InvalidDataException($"Architecture: {node.ToJsonString()} is no initializer; expected a name or an object with class_name and config.");
    }

    /// <summary>Writes an initializer as <c>{"class_name", "config"}</c>.</summary>
    /// <param name="initializer">The initializer.</param>
    public static JsonObject ToConfig(Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var config = new JsonObject();
        initializer.WriteConfig(config);
        return new JsonObject { ["class_name"] = initializer.ClassName, ["config"] = config };
    }

    private static Initializer FromName(string name, JsonObject json)
    {
        var config = new LayerConfig(json);
        return name switch
        {
            "Zeros" or "zeros" or "zero" => new Zeros(),
            "Ones" or "ones" or "one" => new Ones(),
            "Constant" or "constant" => new Constant(config.Double("value", 0)),
            "RandomNormal" or "random_normal" or "normal" => new RandomNormal(config.Double("mean", 0), config.Double("stddev", 0.05)),
            "RandomUniform" or "random_uniform" or "uniform" => new RandomUniform(config.Double("minval", -0.05), config.Double("maxval", 0.05)),
            "TruncatedNormal" or "truncated_normal" => new TruncatedNormal(config.Double("mean", 0), config.Double("stddev", 0.05)),
            "GlorotUniform" or "glorot_uniform" => new GlorotUniform(),
            "GlorotNormal" or "glorot_normal" => new GlorotNormal(),
            "HeUniform" or "he_uniform" => new HeUniform(),
            "HeNormal" or "he_normal" => new HeNormal(),
            "LecunUniform" or "lecun_uniform" => new LecunUniform(),
            "LecunNormal" or "lecun_normal" => new LecunNormal(),
            "VarianceScaling" or "variance_scaling" => new VarianceScaling(config.Double("scale", 1), Mode(config), Distribution(config)),
            "Orthogonal" or "OrthogonalInitializer" or "orthogonal" => new Orthogonal(config.Double("gain", 1)),
            "Identity" or "IdentityInitializer" or "identity" => new Identity(config.Double("gain", 1)),
            "STFT" or "STFTInitializer" or "stft" => STFT.FromConfig(config),
            _ => throw new InvalidDataException($"Architecture: there is no initializer '{name}'; known are Zeros, Ones, Constant, RandomNormal, RandomUniform, TruncatedNormal, GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal, VarianceScaling, Orthogonal, Identity, STFT."),
        };
    }

    private static FanMode Mode(LayerConfig config) => config.Text("mode", "fan_in") switch
    {
        "fan_in" => FanMode.FanIn,
        "fan_out" => FanMode.FanOut,
        "fan_avg" => FanMode.FanAverage,
        string other => throw new InvalidDataException($"Architecture: VarianceScaling has mode '{other}'; expected fan_in, fan_out or fan_avg."),
    };

    // Keras 2 and tfjs write "normal" for the truncated one.
    private static FanDistribution Distribution(LayerConfig config) => config.Text("distribution", "truncated_normal") switch
    {
        "uniform" => FanDistribution.Uniform,
        "truncated_normal" or "normal" => FanDistribution.TruncatedNormal,
        "untruncated_normal" => FanDistribution.UntruncatedNormal,
        string other => throw new InvalidDataException($"Architecture: VarianceScaling has distribution '{other}'; expected uniform, truncated_normal or untruncated_normal."),
    };
}
