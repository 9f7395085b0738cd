using System.Globalization;
using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Keras's words for activations, initializers, paddings and data formats, read and written in one place.</summary>
internal static class LayerConfigReading
{
    public static ActivationFunction Activation(this LayerConfig config, string key, ActivationFunction? missing = null)
        => config.Json[key] switch
        {
            null => missing ?? Layers.Activation.Linear,
            JsonValue value when value.TryGetValue(out string? name) => ActivationFunction.FromName(name),
            JsonObject description when description["class_name"] is not null => ActivationFunction.FromConfig(description),
            JsonNode other => throw new InvalidDataException($"Architecture: '{key}' is {other.ToJsonString()}; expected the name of an activation such as \"relu\"."),
        };

    /// <summary>A number that must be there.</summary>
    public static double RequiredDouble(this LayerConfig config, string key)
        => config.OptionalDouble(key) ?? throw new InvalidDataException($"Architecture: '{key}' is missing; expected a number.");

    public static Initializer Initializer(this LayerConfig config, string key, Initializer missing)
        => config.Json[key] is { } node ? Initializers.FromConfig(node) : missing;

    /// <summary>Writes an initializer only where it is not the default: files then hold what Keras's own readers need and no more.</summary>
    public static void SetInitializer(this LayerConfig config, string key, Initializer initializer, Initializer standard)
    {
        JsonNode written = Initializers.ToConfig(initializer);
        if (!JsonNode.DeepEquals(written, Initializers.ToConfig(standard)))
            config.Set(key, written);
    }

    public static Padding Padding(this LayerConfig config, string layer, bool causal)
        => config.Text("padding", "valid") switch
        {
            "valid" => Layers.Padding.Valid,
            "same" => Layers.Padding.Same,
            "causal" when causal => Layers.Padding.Causal,
            string other => throw new ArgumentException($"{layer}: padding '{other}' is unknown; expected valid{(causal ? ", same or causal" : " or same")}."),
        };

    public static string Spell(this Padding padding) => padding switch
    {
        Layers.Padding.Valid => "valid",
        Layers.Padding.Same => "same",
        Layers.Padding.Causal => "causal",
        _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "There is no such padding."),
    };

    public static DataFormat DataFormat(this LayerConfig config)
        => config.Text("data_format", "channels_last") switch
        {
            "channels_last" => Layers.DataFormat.ChannelsLast,
            "channels_first" => Layers.DataFormat.ChannelsFirst,
            string other => throw new InvalidDataException($"Architecture: data_format '{other}' is unknown; expected channels_last or channels_first."),
        };

    public static string Spell(this DataFormat format) => format == Layers.DataFormat.ChannelsLast ? "channels_last" : "channels_first";

    /// <summary>A pair that files write as one number or as a list of two.</summary>
    public static (int Before, int After) Pair(this LayerConfig config, string key, int missing)
    {
        switch (config.Json[key])
        {
            case null:
                return (missing, missing);
            case JsonArray { Count: 2 }:
                int?[] both = config.Ints(key);
                return (Known(both[0]), Known(both[1]));
            default:
                int one = config.Int(key);
                return (one, one);
        }

        int Known(int? value) => value ?? throw new InvalidDataException($"Architecture: '{key}' holds null; expected two whole numbers.");
    }

    /// <summary>One whole number, or a list of them.</summary>
    public static int[] IntOrInts(this LayerConfig config, string key, int missing) => config.Json[key] switch
    {
        null => [missing],
        JsonArray => [.. config.Ints(key).Select(value => value ?? throw new InvalidDataException($"Architecture: '{key}' holds null; expected whole numbers."))],
        _ => [config.Int(key)],
    };

    /// <summary>Rows and columns: one number for both, or a list of two; null when missing.</summary>
    public static Size2D? OptionalSize2D(this LayerConfig config, string key)
    {
        if (config.Json[key] is null)
            return null;
        (int rows, int columns) = config.Pair(key, missing: 0);
        return new Size2D(rows, columns);
    }

    public static Size2D Size2D(this LayerConfig config, string key)
        => config.OptionalSize2D(key) ?? throw new InvalidDataException($"Architecture: layer '{config.Name ?? "?"}' has no '{key}' in its config.");

    public static JsonArray ToJson(this Size2D size) => ToJson(size.Rows, size.Columns);

    public static double? OptionalDouble(this LayerConfig config, string key)
        => config.Json[key] is null ? null : config.Double(key, 0);

    public static JsonArray ToJson(params ReadOnlySpan<int> values)
    {
        var list = new JsonArray();
        foreach (int value in values)
            list.Add((JsonNode)value);
        return list;
    }

    public static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
