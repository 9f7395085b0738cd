using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlatFuse.Models;

/// <summary>JSON as text and bytes: indented, in the order written, the same on every machine.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static void Write(Stream stream, JsonNode node)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        node.WriteTo(writer);
    }

    public static string Write(JsonNode node)
    {
        var stream = new MemoryStream();
        Write(stream, node);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Parses UTF-8.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static JsonNode Read(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            return JsonNode.Parse(utf8) ?? throw new InvalidDataException($"{what} is null; expected an object.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{what} is no JSON: {error.Message}", error);
        }
    }
}
