using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>
/// A layer's configuration as an architecture file holds it: Keras's keys, read with Keras 3's defaults where missing.
/// </summary>
public sealed class LayerConfig
{
    /// <summary>Wraps a JSON object.</summary>
    /// <param name="json">The <c>config</c> of a layer; written to when the layer saves itself.</param>
    public LayerConfig(JsonObject json) => Json = json;

    /// <summary>The wrapped object.</summary>
    public JsonObject Json { get; }

    /// <summary>The layer's name, or null.</summary>
    public string? Name => Json["name"] is JsonValue value && value.TryGetValue(out string? name) ? name : null;

    /// <summary>A whole number that must be there.</summary>
    /// <param name="key">Keras's key.</param>
    /// <exception cref="InvalidDataException">It is missing, no whole number, or beyond 32 bits.</exception>
    public int Int(string key) => OptionalInt(key) ?? throw Missing(key);

    /// <summary>A whole number; tfjs and Keras 2 write it as a list of one for 1D layers.</summary>
    /// <param name="key">Keras's key.</param>
    /// <returns>Null when missing or null.</returns>
    /// <exception cref="InvalidDataException">It is there, but no whole number of 32 bits.</exception>
    public int? OptionalInt(string key) => Json[key] switch
    {
        null => null,
        JsonArray { Count: 1 } list => Whole(key, list[0]),
        JsonNode node => Whole(key, node),
    };

    /// <summary>A number.</summary>
    /// <param name="key">Keras's key.</param>
    /// <param name="missing">The value when missing.</param>
    public double Double(string key, double missing) => Json[key] is { } node ? Number(key, node) : missing;

    /// <summary>A truth value.</summary>
    /// <param name="key">Keras's key.</param>
    /// <param name="missing">The value when missing.</param>
    /// <exception cref="InvalidDataException">It is there, but no truth value.</exception>
    public bool Bool(string key, bool missing) => Json[key] switch
    {
        null => missing,
        JsonValue value when value.TryGetValue(out bool truth) => truth,
        JsonNode other => throw Unexpected(key, other, "true or false"),
    };

    /// <summary>A text.</summary>
    /// <param name="key">Keras's key.</param>
    /// <param name="missing">The value when missing or null.</param>
    /// <exception cref="InvalidDataException">It is there, but no text.</exception>
    public string Text(string key, string missing) => Json[key] switch
    {
        null => missing,
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonNode other => throw Unexpected(key, other, "a text"),
    };

    /// <summary>A list of whole numbers; null entries are null.</summary>
    /// <param name="key">Keras's key.</param>
    /// <exception cref="InvalidDataException">It is missing, no list, or holds what is no whole number of 32 bits.</exception>
    public int?[] Ints(string key)
        => Json[key] is JsonArray list ? [.. list.Select(node => node is null ? (int?)null : Whole(key, node))] : throw Missing(key);

    /// <summary>Sets an entry.</summary>
    /// <param name="key">Keras's key.</param>
    /// <param name="value">A number, text, truth value, array, object or null.</param>
    public void Set(string key, JsonNode? value) => Json[key] = value;

    private static int Whole(string key, JsonNode? node)
    {
        double number = Number(key, node);
        return number == Math.Floor(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw Unexpected(key, node, "a whole number from -2147483648 to 2147483647");
    }

    // A parsed number answers to double; one set in memory only to the type it was set as.
    private static double Number(string key, JsonNode? node)
    {
        if (node is JsonValue value)
        {
            if (value.TryGetValue(out double number))
                return number;
            if (value.TryGetValue(out int whole))
                return whole;
            if (value.TryGetValue(out long large))
                return large;
        }
        throw Unexpected(key, node, "a number");
    }

    private static InvalidDataException Unexpected(string key, JsonNode? node, string expected)
        => new($"Architecture: '{key}' is {node?.ToJsonString() ?? "null"}; expected {expected}.");

    private InvalidDataException Missing(string key)
        => new($"Architecture: layer '{Name ?? "?"}' has no '{key}' in its config.");
}
