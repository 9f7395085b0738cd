using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>The JSON head of a safetensors file, checked field by field.</summary>
internal static class SafetensorsHeader
{
    // The reference implementation's limit.
    private const long LongestBytes = 100_000_000;

    /// <summary>Reads the header up to the first element.</summary>
    /// <exception cref="InvalidDataException">It is cut short, altered or contradicts itself.</exception>
    public static List<SafetensorsEntry> Read(Stream stream, string what, IDictionary<string, string> metadata)
    {
        Span<byte> prefix = stackalloc byte[8];
        FileReading.Exactly(stream, prefix, what);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > LongestBytes)
            throw new InvalidDataException($"{what}: the header claims {length} bytes; expected 2 … {LongestBytes}. Is it a safetensors file?");
        if (stream.CanSeek && (ulong)(stream.Length - stream.Position) < length)
            throw new InvalidDataException($"{what}: the header claims {length} bytes, only {stream.Length - stream.Position} follow; the file is cut short or altered.");
        var json = new byte[length];
        FileReading.Exactly(stream, json, what);
        if (json[0] != (byte)'{')
            throw new InvalidDataException($"{what}: the header starts with the byte {json[0]:X2}; expected '{{'.");
        try
        {
            return Parse(json, what, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"{what}: the header is not understood: {error.Message}", error);
        }
    }

    /// <summary>Writes the header, padded with blanks to a multiple of 8 bytes.</summary>
    public static byte[] Write(List<SafetensorsEntry> entries, IDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            foreach (SafetensorsEntry entry in entries)
                WriteEntry(writer, entry);
            writer.WriteEndObject();
        }
        int length = (buffer.WrittenCount + 7) / 8 * 8;
        if (length > LongestBytes)
            throw new ArgumentException($"Safetensors: the header would have {length} bytes; the format allows {LongestBytes}. Shorten Metadata or the names.");
        var header = new byte[length];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        var keys = new List<string>(metadata.Keys);
        keys.Sort(StringComparer.Ordinal);
        writer.WriteStartObject(SafetensorsEntry.MetadataKey);
        foreach (string key in keys)
            writer.WriteString(key, metadata[key]);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, SafetensorsEntry entry)
    {
        writer.WriteStartObject(entry.Name);
        writer.WriteString("dtype", entry.Kind.Safetensors);
        writer.WriteStartArray("shape");
        foreach (int size in entry.Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(entry.Begin);
        writer.WriteNumberValue(entry.End);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<SafetensorsEntry> Parse(byte[] json, string what, IDictionary<string, string> metadata)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        Next(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw new InvalidDataException($"{what}: the name '{name}' stands twice in the header.");
            if (name == SafetensorsEntry.MetadataKey)
                ReadMetadata(ref reader, what, metadata);
            else
                entries.Add(ReadEntry(ref reader, name, $"{what}, tensor '{name}'"));
        }
        // Reads the blanks behind the closing brace; anything else there is refused by the reader.
        reader.Read();
        return entries;
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, string what, IDictionary<string, string> metadata)
    {
        Next(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Next(ref reader, JsonTokenType.String);
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"{what}: the text '{key}' stands twice in {SafetensorsEntry.MetadataKey}.");
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string what)
    {
        ElementKind? kind = null;
        int[]? shape = null;
        long[]? offsets = null;
        Next(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            if (key == "dtype" && kind is null)
                kind = ReadKind(ref reader, what);
            else if (key == "shape" && shape is null)
                shape = Array.ConvertAll(ReadNumbers(ref reader), static size => checked((int)size));
            else if (key == "data_offsets" && offsets is null)
                offsets = ReadNumbers(ref reader);
            else
                throw new InvalidDataException($"{what}: the field '{key}' is unknown or stands twice; expected dtype, shape and data_offsets.");
        }
        if (kind is null || shape is null || offsets is not { Length: 2 })
            throw new InvalidDataException($"{what}: expected the fields dtype, shape and data_offsets (two numbers).");
        long bytes = (long)new Layout(shape).Count * kind.Bytes;
        if (offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
            throw new InvalidDataException($"{what}: shape {Shapes.Format(shape)} of {kind.Safetensors} needs {bytes} bytes, data_offsets are {offsets[0]} … {offsets[1]}.");
        return new SafetensorsEntry(name, kind, shape, offsets[0], offsets[1]);
    }

    private static ElementKind ReadKind(ref Utf8JsonReader reader, string what)
    {
        Next(ref reader, JsonTokenType.String);
        string dtype = reader.GetString()!;
        foreach (ElementKind kind in ElementKind.All)
        {
            if (kind.Safetensors == dtype)
                return kind;
        }
        throw new InvalidDataException($"{what}: element type '{dtype}'; expected one of {string.Join(", ", Array.ConvertAll(ElementKind.All, kind => kind.Safetensors))}.");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<long>();
        Next(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            numbers.Add(reader.GetInt64());
        return numbers.ToArray();
    }

    private static void Next(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (!reader.Read() || reader.TokenType != expected)
            throw new JsonException($"expected {expected} at byte {reader.TokenStartIndex}, received {reader.TokenType}");
    }
}
