using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// Reads the <c>config</c> of a functional model: makes every layer, then calls them as <c>inbound_nodes</c> say, each call
/// once its inputs are there, whatever order the file has.
/// </summary>
internal sealed class ArchitectureGraph
{
    private readonly JsonObject _config;
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);

    private ArchitectureGraph(JsonObject config) => _config = config;

    /// <summary>Makes the model.</summary>
    /// <param name="config">With <c>layers</c>, <c>input_layers</c>, <c>output_layers</c>.</param>
    public static Model Read(JsonObject config)
    {
        var graph = new ArchitectureGraph(config);
        graph.MakeLayers();
        graph.CallLayers();
        return new Model(graph.Tensors("input_layers"), graph.Tensors("output_layers"), LayerRegistry.ReadName(config)) { Seed = ArchitectureReader.Seed(config) };
    }

    private void MakeLayers()
    {
        JsonArray layers = ArchitectureReader.Member<JsonArray>(_config, "layers");
        // Keras 3 writes a call as an object of arguments, and counts a nested model's calls from 0.
        bool isKeras3 = layers.Any(layer => layer?["inbound_nodes"] is JsonArray { Count: > 0 } calls && calls[0] is JsonObject);
        foreach (JsonNode? json in layers)
        {
            Layer layer = ArchitectureReader.ReadLayer(json);
            string name = LayerRegistry.ReadName(json!.AsObject()) ?? layer.Name;
            var entry = new Entry(layer, name, layer is Model && !isKeras3 ? 1 : 0);
            foreach (JsonNode? call in json["inbound_nodes"] as JsonArray ?? [])
            {
                entry.Calls.Add([.. References(call, layer)]);
                foreach ((string key, JsonNode value) in Options(call))
                    layer.ReadCallOption(key, value);
            }
            if (layer is Input input)
                entry.Outputs.Add([input]);
            _entries.Add(entry);
            if (!_byName.TryAdd(name, entry))
                throw LayerNames.Duplicate(LayerRegistry.ReadName(_config) ?? "functional", layer);
        }
    }

    private void CallLayers()
    {
        bool progress = true;
        while (progress)
        {
            progress = false;
            foreach (Entry entry in _entries)
                progress |= CallWhatIsReady(entry);
        }
        foreach (Entry entry in _entries)
        {
            if (entry.NextCall < entry.Calls.Count)
                throw new InvalidDataException($"Architecture: layer '{entry.Name}' is fed by {string.Join(", ", entry.Calls[entry.NextCall])}, of which some never come to be: a layer or call is missing, or the graph has a cycle.");
        }
    }

    private bool CallWhatIsReady(Entry entry)
    {
        int before = entry.NextCall;
        while (entry.NextCall < entry.Calls.Count)
        {
            SymbolicTensor?[] inputs = [.. entry.Calls[entry.NextCall].Select(Find)];
            if (Array.IndexOf(inputs, null) >= 0)
                break;
            entry.Outputs.Add(entry.Layer.ApplyMany(inputs!));
            entry.NextCall++;
        }
        return entry.NextCall > before;
    }

    private SymbolicTensor? Find(Reference reference)
    {
        if (!_byName.TryGetValue(reference.Layer, out Entry? entry))
            throw new InvalidDataException($"Architecture: there is no layer '{reference.Layer}'; known are {string.Join(", ", _byName.Keys)}.");
        int call = reference.Call - entry.FirstCall;
        if (call < 0 || call >= entry.Outputs.Count)
            return null;
        return reference.Output >= 0 && reference.Output < entry.Outputs[call].Count
            ? entry.Outputs[call][reference.Output]
            : throw new InvalidDataException($"Architecture: {reference} does not exist; layer '{reference.Layer}' has {entry.Outputs[call].Count} outputs.");
    }

    private List<SymbolicTensor> Tensors(string key)
    {
        // Keras 3 writes a single one without the outer list, and those of a model made from a dictionary as an object.
        IEnumerable<Reference> references = _config[key] switch
        {
            JsonArray list => list is [JsonValue, ..] ? [ToReference(list)] : list.Select(ToReference),
            JsonObject named => named.Select(member => ToReference(member.Value)),
            JsonNode other => throw new InvalidDataException($"Architecture: '{key}' is {ArchitectureReader.Begin(other)}; expected a list of [layer, node, tensor], or an object with one for each name. Save the model again."),
            null => throw new InvalidDataException($"Architecture: '{key}' is missing in {ArchitectureReader.Begin(_config)}; expected a list of [layer, node, tensor], or an object with one for each name. Save the model again."),
        };
        return [.. references.Select(reference => Find(reference)
            ?? throw new InvalidDataException($"Architecture: {key} names {reference}, which is never computed."))];
    }

    private static IEnumerable<Reference> References(JsonNode? call, Layer layer) => call switch
    {
        JsonArray list => list.Select(ToReference),
        JsonObject arguments => Arguments3(arguments, layer),
        _ => throw new InvalidDataException($"Architecture: inbound_nodes holds {ArchitectureReader.Begin(call)}; expected a list of [layer, node, tensor, {{}}] for each call."),
    };

    // Keras 3: tensors given by position, then those given by name, each where the layer takes it.
    private static List<Reference> Arguments3(JsonObject arguments, Layer layer)
    {
        List<Reference> tensors = [.. Tensors3(arguments["args"])];
        var named = new List<(string Key, int Position, List<Reference> Tensors)>();
        foreach ((string key, JsonNode? value) in arguments["kwargs"] as JsonObject ?? [])
        {
            List<Reference> given = [.. Tensors3(value)];
            if (given.Count > 0)
                named.Add((key, InputPosition(layer, key), given));
        }
        foreach ((string key, int position, List<Reference> given) in named.OrderBy(argument => argument.Position))
        {
            if (tensors.Count != position)
                throw new InvalidDataException($"Architecture: layer '{layer.Name}' ({layer.ClassName}) is called with the tensor '{key}', which is input {position}, after {tensors.Count} others; expected {position}. Give each input once, without gaps.");
            tensors.AddRange(given);
        }
        return tensors;
    }

    // How many inputs stand before the one that Keras 3 calls so.
    private static int InputPosition(Layer layer, string key) => (layer, key) switch
    {
        (_, "inputs") => 0,
        (Attention or MultiHeadAttention, "query") => 0,
        (Attention or MultiHeadAttention, "value") => 1,
        (Attention or MultiHeadAttention, "key") => 2,
        (RecurrentLayer or Bidirectional, "sequences" or "sequence") => 0,
        (RecurrentLayer or Bidirectional, "initial_state") => 1,
        (CategoryEncoding, "count_weights") => 1,
        _ => throw new InvalidDataException($"Architecture: layer '{layer.Name}' ({layer.ClassName}) is called with a tensor as '{key}', which is not supported; expected tensors as {InputNames(layer)} only. Leave '{key}' out of the call; a mask can come from Masking or Embedding instead."),
    };

    private static string InputNames(Layer layer) => layer switch
    {
        Attention or MultiHeadAttention => "inputs, query, value or key",
        RecurrentLayer or Bidirectional => "inputs, sequences, sequence or initial_state",
        CategoryEncoding => "inputs or count_weights",
        _ => "inputs",
    };

    // Keras 3: placeholders stand anywhere within the arguments.
    private static IEnumerable<Reference> Tensors3(JsonNode? node) => node switch
    {
        JsonObject tensor when tensor["class_name"] is JsonValue name && name.TryGetValue(out string? text) && text == "__keras_tensor__" => [ToReference(tensor["config"]?["keras_history"])],
        JsonObject members => members.SelectMany(member => Tensors3(member.Value)),
        JsonArray list => list.SelectMany(Tensors3),
        _ => [],
    };

    // Arguments of a call that are neither tensors nor nothing: {"use_causal_mask": true}. Dialects before Keras 3 write them behind each tensor.
    // Keras 3 itself writes "training": false, the argument's default, at plain calls, and its functional models replace it: that says nothing.
    private static IEnumerable<(string Key, JsonNode Value)> Options(JsonNode? call)
    {
        IEnumerable<JsonNode?> holders = call switch
        {
            JsonArray list => list.Select(feed => feed is JsonArray { Count: > 3 } reference ? reference[3] : null),
            JsonObject arguments => [arguments["kwargs"]],
            _ => [],
        };
        foreach (JsonObject holder in holders.OfType<JsonObject>())
        {
            foreach ((string key, JsonNode? value) in holder)
            {
                if (value is not JsonValue scalar)
                    continue;
                bool isFalse = scalar.TryGetValue(out bool truth) && !truth;
                if (!isFalse || (key == "training" && call is JsonArray))
                    yield return (key, scalar);
            }
        }
    }

    private static Reference ToReference(JsonNode? node)
    {
        if (node is JsonArray { Count: >= 3 } list
            && list[0] is JsonValue layer && layer.TryGetValue(out string? name)
            && list[1] is JsonValue call && call.TryGetValue(out int callNumber)
            && list[2] is JsonValue output && output.TryGetValue(out int index))
            return new Reference(name, callNumber, index);
        throw new InvalidDataException($"Architecture: {ArchitectureReader.Begin(node)} is no [layer, node, tensor].");
    }

    private readonly record struct Reference(string Layer, int Call, int Output)
    {
        public override string ToString() => $"{Layer}[{Call}][{Output}]";
    }

    private sealed class Entry(Layer layer, string name, int firstCall)
    {
        public Layer Layer { get; } = layer;

        public string Name { get; } = name;

        public int FirstCall { get; } = firstCall;

        public List<Reference[]> Calls { get; } = [];

        public List<IReadOnlyList<SymbolicTensor>> Outputs { get; } = [];

        public int NextCall { get; set; }
    }
}
