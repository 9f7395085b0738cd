using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// Reads a model's architecture from Keras's JSON: the dialect of Keras 2 and tfjs (what <see cref="ArchitectureWriter"/> writes)
/// and that of Keras 3's <c>to_json</c>. Missing keys have Keras 3's defaults.
/// </summary>
public static class ArchitectureReader
{
    /// <summary>Makes the model, its weights drawn from the seed that the architecture names, 0 where it names none.</summary>
    /// <param name="json">An object with <c>class_name</c> (Sequential, Functional or Model) and <c>config</c>.</param>
    /// <exception cref="InvalidDataException">The JSON is no architecture, or names something that is not there.</exception>
    /// <exception cref="ArgumentException">It is one, but its layers do not fit together; the message names layer and shapes.</exception>
    public static Model Read(JsonNode json) => Read(json, draw: true);

    /// <summary>Makes the model.</summary>
    /// <param name="json">An object with <c>class_name</c> (Sequential, Functional or Model) and <c>config</c>.</param>
    /// <param name="draw">False to leave the weights without values: they are about to be read from a file.</param>
    internal static Model Read(JsonNode json, bool draw)
    {
        ArgumentNullException.ThrowIfNull(json);
        string className = Text(json, "class_name");
        return IsModel(className)
            ? ReadModel(className, json, draw)
            : throw new InvalidDataException($"Architecture: the outermost class_name is '{className}'; expected Sequential, Functional or Model.");
    }

    private static bool IsModel(string className) => className is "Sequential" or "Functional" or "Model";

    private static Model ReadModel(string className, JsonNode json, bool draw)
    {
        JsonObject config = Member<JsonObject>(json, "config");
        Model model = className == "Sequential" ? ReadStack(config, draw) : ArchitectureGraph.Read(config, draw);
        if (!new LayerConfig(config).Bool("trainable", true))
            model.Trainable = false;
        return model;
    }

    private static Sequential ReadStack(JsonObject config, bool draw)
    {
        string? name = LayerRegistry.ReadName(config);
        long seed = Seed(config);
        Sequential model = name is null ? new Sequential() { Seed = seed } : new Sequential() { Name = name, Seed = seed };
        foreach (JsonNode? entry in Member<JsonArray>(config, "layers"))
            model.Add(ReadLayer(entry, draw), draw);
        return model;
    }

    /// <summary>Makes one layer, which may be a model.</summary>
    /// <param name="entry">An object with <c>class_name</c> and <c>config</c>.</param>
    /// <param name="draw">False to leave its weights without values.</param>
    internal static Layer ReadLayer(JsonNode? entry, bool draw)
    {
        if (entry is null)
            throw new InvalidDataException("Architecture: a layer is null.");
        string className = Text(entry, "class_name");
        return IsModel(className)
            ? ReadModel(className, entry, draw)
            : LayerRegistry.Read(entry.AsObject(), inner => ReadLayer(inner, draw));
    }

    /// <summary>The seed, which only our own files have.</summary>
    internal static long Seed(JsonObject config) => config["seed"] switch
    {
        null => 0,
        JsonValue value when value.TryGetValue(out long seed) => seed,
        JsonNode other => throw new InvalidDataException($"Architecture: 'seed' is {Begin(other)}; expected a whole number."),
    };

    /// <summary>A member that must be there.</summary>
    internal static T Member<T>(JsonNode json, string key)
        where T : JsonNode
        => json is JsonObject members && members[key] is T member
            ? member
            : throw new InvalidDataException($"Architecture: '{key}' is missing or of another kind in {Begin(json)}.");

    /// <summary>A text that must be there.</summary>
    internal static string Text(JsonNode json, string key)
        => Member<JsonValue>(json, key).TryGetValue(out string? text)
            ? text
            : throw new InvalidDataException($"Architecture: '{key}' is no text in {Begin(json)}.");

    /// <summary>The beginning of some JSON, for an error.</summary>
    internal static string Begin(JsonNode? json)
    {
        string text = json?.ToJsonString() ?? "null";
        return text.Length <= 120 ? text : text[..120] + "…";
    }
}
