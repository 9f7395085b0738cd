using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace FlatFuse.Models;

/// <summary>An output of a call of a layer, as files name it: <c>[layer, call, output]</c>.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Call">Which of its calls.</param>
/// <param name="Output">Which of the call's outputs.</param>
internal sealed record TensorReference(string Layer, int Call, int Output)
{
    /// <summary>Reads one, if it is one.</summary>
    public static bool TryRead(JsonNode? node, [NotNullWhen(true)] out TensorReference? reference)
    {
        bool isOne = node is JsonArray { Count: >= 3 } list
            && list[0] is JsonValue layer && layer.TryGetValue(out string? name)
            && list[1] is JsonValue call && call.TryGetValue(out int callNumber)
            && list[2] is JsonValue output && output.TryGetValue(out int index);
        reference = isOne ? new TensorReference((string)node![0]!, (int)node[1]!, (int)node[2]!) : null;
        return reference is not null;
    }

    /// <summary>Reads one that must be there.</summary>
    /// <exception cref="InvalidDataException">It is of another kind.</exception>
    public static TensorReference Read(JsonNode? node)
        => TryRead(node, out TensorReference? reference)
            ? reference
            : throw new InvalidDataException($"Architecture: {ArchitectureReader.Begin(node)} is no [layer, node, tensor].");

    public override string ToString() => $"{Layer}[{Call}][{Output}]";
}
