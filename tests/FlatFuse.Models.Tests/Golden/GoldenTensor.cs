using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Reads the tensors of a case.</summary>
internal static class GoldenTensor
{
    public static int[] Shape(JsonNode json) => [.. json["shape"]!.AsArray().Select(size => (int)size!)];

    public static bool IsInt(JsonNode json) => (string?)json["dtype"] == "int32";

    public static Tensor<float> ReadFloat(JsonNode json)
    {
        int[] shape = Shape(json);
        float[] values = json["gen"] is { } generator
            ? Generate(generator, Shapes.Count(shape))
            : [.. json["data"]!.AsArray().Select(value => (float)Number(value))];
        return Tensor.From<float>(values, shape);
    }

    /// <summary>In the element type that the case declares: fit and predict take any.</summary>
    public static Tensor Read(JsonNode json)
    {
        Tensor<float> values = ReadFloat(json);
        return IsInt(json) ? Tensor.From<int>([.. values.AsSpan().ToArray().Select(value => (int)value)], Shape(json)) : values;
    }

    public static Tensor<float>? ReadOptional(JsonNode? json) => json is null ? null : ReadFloat(json);

    public static double Number(JsonNode? json)
        => json!.AsValue().TryGetValue(out string? special)
            ? special switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => throw new InvalidDataException($"'{special}' is no number."),
            }
            : (double)json!;

    // The hash of the golden README, in unsigned 32-bit arithmetic.
    private static float[] Generate(JsonNode generator, int count)
    {
        uint seed = (uint)(long)generator["seed"]!;
        double scale = (double)generator["scale"]!, offset = (double)generator["offset"]!;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint h = unchecked(((uint)i * 2654435761u) + seed);
            h ^= h >> 16;
            h = unchecked(h * 0x85EBCA6Bu);
            h ^= h >> 13;
            h = unchecked(h * 0xC2B2AE35u);
            h ^= h >> 16;
            values[i] = (float)((scale * (((h >> 8) / 8388608.0) - 1.0)) + offset);
        }
        return values;
    }
}
