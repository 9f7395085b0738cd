using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// One entry of <c>inbound_nodes</c>: the tensors that a layer is called on, in the order in which it takes them, and the options of the call. Every
/// argument is one of these or refused: none is passed over because of where it stands.
/// </summary>
internal sealed class CallArguments
{
    private readonly Layer _layer;

    // In the order of their positions.
    private readonly List<Given> _given = [];

    private CallArguments(Layer layer) => _layer = layer;

    /// <summary>The tensors, in the layer's order.</summary>
    public TensorReference[] Inputs { get; private set; } = [];

    /// <summary>What is asked of this call alone; null for nothing.</summary>
    public CallOptions? Options { get; private set; }

    /// <summary>Reads one call.</summary>
    /// <param name="call">A list (Keras 2 and tfjs), or an object of arguments (Keras 3).</param>
    /// <param name="layer">The layer that is called.</param>
    /// <exception cref="InvalidDataException">It is no call, or has an argument that the layer does not take.</exception>
    /// <exception cref="NotSupportedException">It has an option that is not supported.</exception>
    public static CallArguments Read(JsonNode? call, Layer layer)
    {
        var arguments = new CallArguments(layer);
        switch (call)
        {
            case JsonArray feeds:
                arguments.ReadFeeds(feeds);
                break;
            case JsonObject given:
                arguments.ReadPositional(given["args"] as JsonArray ?? []);
                arguments.ReadNamed(given["kwargs"] as JsonObject ?? [], Tensors3, isKeras3: true);
                break;
            default:
                throw new InvalidDataException($"Architecture: inbound_nodes holds {ArchitectureReader.Begin(call)}; expected a list of [layer, node, tensor, {{}}] for each call.");
        }
        arguments.Gather();
        return arguments;
    }

    // Keras 2: each tensor, and behind it the call's other arguments, tensors among them: [["x", 0, 0, {"initial_state": [["h", 0, 0]]}]].
    private void ReadFeeds(JsonArray feeds)
    {
        Insert(new Given("inputs", 0, [.. feeds.Select(TensorReference.Read)]));
        foreach (JsonNode? feed in feeds)
        {
            if (feed is JsonArray { Count: > 3 } reference && reference[3] is JsonObject named)
                ReadNamed(named, Tensors2, isKeras3: false);
        }
    }

    // Keras 3: what stands at a place is the argument that Keras's call has there.
    private void ReadPositional(JsonArray given)
    {
        // Several branches side by side, where Keras takes one list of them.
        bool isFlat = given.Count > 1 && given[0] is JsonObject && (_layer is Merge or Model or Attention);
        for (int i = 0; i < given.Count; i++)
        {
            if (given[i] is null)
                continue;
            List<TensorReference> tensors = [.. Tensors3(given[i])];
            if (tensors.Count == 0)
            {
                if (given[i] is not JsonArray { Count: 0 })
                    throw new InvalidDataException($"Architecture: layer '{_layer.Name}' ({_layer.ClassName}) is called with {ArchitectureReader.Begin(given[i])} as argument {i + 1}; expected tensors there. Give options by name.");
                continue;
            }
            if (isFlat && i > 0)
                _given[0].Tensors.AddRange(tensors);
            else
                Insert(i == 0 ? new Given("inputs", 0, tensors) : Named(NameOf(i), tensors));
        }
    }

    private void ReadNamed(JsonObject named, Func<JsonNode?, IEnumerable<TensorReference>> tensorsOf, bool isKeras3)
    {
        foreach ((string key, JsonNode? value) in named)
        {
            List<TensorReference> tensors = [.. tensorsOf(value)];
            if (tensors.Count > 0)
                Insert(Named(key, tensors));
            else if (value is JsonValue scalar && !(isKeras3 && IsPlainTraining(key, scalar)))
                Options = _layer.ReadCallOption(Options, key, scalar);
            else if (value is JsonArray { Count: > 0 } or JsonObject { Count: > 0 })
                throw new NotSupportedException($"Architecture: layer '{_layer.Name}' ({_layer.ClassName}) is called with {key} = {ArchitectureReader.Begin(value)}, which is not supported. Leave it out.");
        }
    }

    // Keras 3 writes "training": false, the argument's default, at plain calls, and its functional models replace it: that says nothing.
    private static bool IsPlainTraining(string key, JsonValue value) => key == "training" && value.TryGetValue(out bool training) && !training;

    private void Insert(Given argument)
    {
        int at = _given.Count;
        while (at > 0 && _given[at - 1].Position > argument.Position)
            at--;
        _given.Insert(at, argument);
    }

    private void Gather()
    {
        var inputs = new List<TensorReference>();
        foreach ((string key, int position, List<TensorReference> tensors) in _given)
        {
            if (inputs.Count != position)
                throw new InvalidDataException($"Architecture: layer '{_layer.Name}' ({_layer.ClassName}) is called with the tensor '{key}', which is input {position}, after {inputs.Count} others; expected {position}. Give each input once, without gaps.");
            inputs.AddRange(tensors);
        }
        Inputs = [.. inputs];
    }

    // How many inputs stand before the one that Keras calls so.
    private Given Named(string key, List<TensorReference> tensors) => new(key, (_layer, key) switch
    {
        (_, "inputs") => 0,
        (Attention or MultiHeadAttention, "query") => 0,
        (Attention or MultiHeadAttention, "value") => 1,
        (Attention or MultiHeadAttention, "key") => 2,
        (RecurrentLayer or Bidirectional, "sequences" or "sequence") => 0,
        (RecurrentLayer or Bidirectional, "initial_state") => 1,
        (RecurrentCell, "states") => 1,
        (CategoryEncoding, "count_weights") => 1,
        _ => throw new InvalidDataException($"Architecture: layer '{_layer.Name}' ({_layer.ClassName}) is called with a tensor as '{key}', which is not supported; expected tensors as {InputNames()} only. Leave '{key}' out of the call; a mask can come from Masking or Embedding instead."),
    }, tensors);

    private string NameOf(int place)
    {
        string[] names = _layer switch
        {
            RecurrentLayer or Bidirectional => ["sequences", "initial_state", "mask", "training"],
            RecurrentCell => ["inputs", "states", "training"],
            CategoryEncoding => ["inputs", "count_weights"],
            MultiHeadAttention => ["query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask"],
            Attention or Softmax or GlobalAveragePooling1D => ["inputs", "mask"],
            BatchNormalization or TimeDistributed or Model => ["inputs", "training", "mask"],
            _ => ["inputs"],
        };
        return place < names.Length ? names[place] : $"argument {place + 1}";
    }

    private string InputNames() => _layer switch
    {
        Attention or MultiHeadAttention => "inputs, query, value or key",
        RecurrentLayer or Bidirectional => "inputs, sequences, sequence or initial_state",
        RecurrentCell => "inputs or states",
        CategoryEncoding => "inputs or count_weights",
        _ => "inputs",
    };

    // Keras 3: placeholders stand anywhere within the arguments.
    private static IEnumerable<TensorReference> Tensors3(JsonNode? node) => node switch
    {
        JsonObject tensor when tensor["class_name"] is JsonValue name && name.TryGetValue(out string? text) && text == "__keras_tensor__" => [TensorReference.Read(tensor["config"]?["keras_history"])],
        JsonObject members => members.SelectMany(member => Tensors3(member.Value)),
        JsonArray list => list.SelectMany(Tensors3),
        _ => [],
    };

    // Keras 2: one [layer, node, tensor], or lists of them.
    private static IEnumerable<TensorReference> Tensors2(JsonNode? node)
        => TensorReference.TryRead(node, out TensorReference? tensor) ? [tensor]
            : node is JsonArray list ? list.SelectMany(Tensors2)
            : [];

    private sealed record Given(string Key, int Position, List<TensorReference> Tensors);
}
