using System.Buffers.Binary;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// The safetensors format: eight bytes of header length, a JSON header that names element type, shape and place of every tensor, then
/// the elements, little endian and row-major, without gaps. Source: huggingface/safetensors, README.
/// </summary>
public static class Safetensors
{
    /// <summary>Reads every tensor of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors in the order of their places, and the header's texts in <see cref="NamedTensors.Metadata"/>.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, altered or of another format.</exception>
    public static NamedTensors Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads every tensor, to the end of the stream.</summary>
    /// <param name="stream">Positioned at the first byte.</param>
    /// <returns>The tensors in the order of their places, and the header's texts in <see cref="NamedTensors.Metadata"/>.</returns>
    /// <exception cref="InvalidDataException">The content is cut short, altered or of another format.</exception>
    public static NamedTensors Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "safetensors");
    }

    /// <summary>Writes tensors to a new file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">Tensors by name, of any layout, and metadata.</param>
    /// <exception cref="NotSupportedException">An element type has no name in the format.</exception>
    /// <exception cref="ArgumentException">A tensor is called <c>__metadata__</c>.</exception>
    public static void Write(string path, NamedTensors tensors)
    {
        // The header first: a tensor that cannot be written must not cost the file that is there.
        List<SafetensorsEntry> entries = SafetensorsEntry.Arrange(tensors);
        using FileStream stream = File.Create(path);
        Write(stream, tensors, entries);
    }

    /// <summary>
    /// Writes tensors. The same tensors and metadata give the same bytes, in whatever order they were added: wider
    /// elements come first (so that each tensor starts at a multiple of its element size), then by name.
    /// </summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">Tensors by name, of any layout, and metadata.</param>
    /// <exception cref="NotSupportedException">An element type has no name in the format.</exception>
    /// <exception cref="ArgumentException">A tensor is called <c>__metadata__</c>.</exception>
    public static void Write(Stream stream, NamedTensors tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, tensors, SafetensorsEntry.Arrange(tensors));
    }

    private static void Write(Stream stream, NamedTensors tensors, List<SafetensorsEntry> entries)
    {
        byte[] header = SafetensorsHeader.Write(entries, tensors.Metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafetensorsEntry entry in entries)
            entry.Kind.Write(stream, tensors[entry.Name]);
    }

    private static NamedTensors Read(Stream stream, string what)
    {
        var result = new NamedTensors();
        List<SafetensorsEntry> entries = SafetensorsHeader.Read(stream, what, result.Metadata);
        entries.Sort(static (left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        long position = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != position)
                throw new InvalidDataException($"{what}: tensor '{entry.Name}' lies at {entry.Begin} … {entry.End}, but the one before it ends at {position}; expected tensors without gaps or overlaps.");
            position = entry.End;
        }
        if (stream.CanSeek && stream.Length - stream.Position != position)
            throw new InvalidDataException($"{what}: the header describes {position} bytes of elements, {stream.Length - stream.Position} follow; the file is cut short or altered.");
        foreach (SafetensorsEntry entry in entries)
            result.Add(entry.Name, entry.Kind.Read(stream, entry.Shape, bigEndian: false, $"{what}, tensor '{entry.Name}'"));
        FileReading.Nothing(stream, what);
        return result;
    }
}
