using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>One tensor in a safetensors header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its element type.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte behind its last.</param>
internal sealed record SafetensorsEntry(string Name, ElementKind Kind, int[] Shape, long Begin, long End)
{
    /// <summary>The key of a header's texts, which no tensor can have.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Gives every tensor its place.</summary>
    public static List<SafetensorsEntry> Arrange(NamedTensors tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = new List<SafetensorsEntry>(tensors.Count);
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (name == MetadataKey)
                throw new ArgumentException($"Safetensors: a tensor cannot be called '{MetadataKey}'; put texts into Metadata.", nameof(tensors));
            entries.Add(new SafetensorsEntry(name, ElementKind.Of(tensor), tensor.Shape.ToArray(), 0, 0));
        }
        entries.Sort(static (left, right) => left.Kind.Bytes != right.Kind.Bytes
            ? right.Kind.Bytes.CompareTo(left.Kind.Bytes)
            : string.CompareOrdinal(left.Name, right.Name));
        long position = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            long end = position + (long)Shapes.Count(entries[i].Shape) * entries[i].Kind.Bytes;
            entries[i] = entries[i] with { Begin = position, End = end };
            position = end;
        }
        return entries;
    }
}
