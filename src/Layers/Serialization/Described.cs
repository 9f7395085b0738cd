using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Small objects in files: <c>{"class_name", "config"}</c>, or their name alone.</summary>
internal static class Described
{
    /// <summary>The name and the configuration, empty for a name alone.</summary>
    public static (string Name, LayerConfig Config) Read(JsonNode node, string what)
    {
        ArgumentNullException.ThrowIfNull(node);
        // Keras's form of a built-in function: {"class_name": "function", "config": "relu"}.
        if (node is JsonObject reference && reference["class_name"] is JsonValue kind && kind.TryGetValue(out string? word) && word == "function"
            && reference["config"] is JsonValue function && function.TryGetValue(out string? functionName))
            return (functionName, new LayerConfig([]));
        if (node is JsonObject description && description["class_name"] is JsonValue className && className.TryGetValue(out string? name))
            return (name, new LayerConfig(description["config"] as JsonObject ?? []));
        if (node is JsonValue value && value.TryGetValue(out string? alone))
            return (alone, new LayerConfig([]));
        throw new InvalidDataException($"Architecture: {node.ToJsonString()} is no {what}; expected a name or an object with class_name and config.");
    }
}
