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
    /// <param name="draw">False to leave the weights without values.</param>
    public static Model Read(JsonObject config, bool draw)
    {
        var graph = new ArchitectureGraph(config);
        graph.MakeLayers(draw);
        graph.CallLayers();
        return new Model(graph.Tensors("input_layers"), graph.Tensors("output_layers"), LayerRegistry.ReadName(config), ArchitectureReader.Seed(config), draw);
    }

    private void MakeLayers(bool draw)
    {
        JsonArray layers = ArchitectureReader.Member<JsonArray>(_config, "layers");
        // Keras 3 writes a call as an object of arguments, and counts a nested model's calls from 0.
        bool isKeras3 = layers.Any(layer => layer?["inbound_nodes"] is JsonArray { Count: > 0 } calls && calls[0] is JsonObject);
        foreach (JsonNode? json in layers)
        {
            Layer layer = ArchitectureReader.ReadLayer(json, draw);
            string name = LayerRegistry.ReadName(json!.AsObject()) ?? layer.Name;
            var entry = new Entry(layer, name, layer is Model && !isKeras3 ? 1 : 0);
            foreach (JsonNode? call in json["inbound_nodes"] as JsonArray ?? [])
                entry.Calls.Add(CallArguments.Read(call, layer));
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
                throw new InvalidDataException($"Architecture: layer '{entry.Name}' is fed by {string.Join(", ", entry.Calls[entry.NextCall].Inputs)}, of which some never come to be: a layer or call is missing, or the graph has a cycle.");
        }
    }

    private bool CallWhatIsReady(Entry entry)
    {
        int before = entry.NextCall;
        while (entry.NextCall < entry.Calls.Count)
        {
            CallArguments call = entry.Calls[entry.NextCall];
            SymbolicTensor?[] inputs = [.. call.Inputs.Select(Find)];
            if (Array.IndexOf(inputs, null) >= 0)
                break;
            entry.Outputs.Add(call.Options is { } options ? entry.Layer.ApplyMany(options, inputs!) : entry.Layer.ApplyMany(inputs!));
            entry.NextCall++;
        }
        return entry.NextCall > before;
    }

    private SymbolicTensor? Find(TensorReference reference)
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
        IEnumerable<TensorReference> references = _config[key] switch
        {
            JsonArray list => list is [JsonValue, ..] ? [TensorReference.Read(list)] : list.Select(TensorReference.Read),
            JsonObject named => named.Select(member => TensorReference.Read(member.Value)),
            JsonNode other => throw new InvalidDataException($"Architecture: '{key}' is {ArchitectureReader.Begin(other)}; expected a list of [layer, node, tensor], or an object with one for each name. Save the model again."),
            null => throw new InvalidDataException($"Architecture: '{key}' is missing in {ArchitectureReader.Begin(_config)}; expected a list of [layer, node, tensor], or an object with one for each name. Save the model again."),
        };
        return [.. references.Select(reference => Find(reference)
            ?? throw new InvalidDataException($"Architecture: {key} names {reference}, which is never computed."))];
    }

    private sealed class Entry(Layer layer, string name, int firstCall)
    {
        public Layer Layer { get; } = layer;

        public string Name { get; } = name;

        public int FirstCall { get; } = firstCall;

        public List<CallArguments> Calls { get; } = [];

        public List<IReadOnlyList<SymbolicTensor>> Outputs { get; } = [];

        public int NextCall { get; set; }
    }
}
