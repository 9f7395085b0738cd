using System.Text.Json;
using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Golden;

/// <summary>Reads the tensors of a case.</summary>
internal static class GoldenTensor
{
    public static int[] Shape(JsonNode json) => [.. json["shape"]!.AsArray().Select(size => (int)size!)];

    /// <summary>True for whole numbers and truth values: they have no gradient.</summary>
    public static bool IsDiscrete(JsonNode json) => (string?)json["dtype"] is "int32" or "bool";

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
        return (string?)json["dtype"] switch
        {
            "int32" => Tensor.From<int>(Array.ConvertAll(values.AsSpan().ToArray(), value => (int)value), Shape(json)),
            "bool" => Tensor.From<bool>(Array.ConvertAll(values.AsSpan().ToArray(), value => value != 0), Shape(json)),
            null or "float32" => values,
            string other => throw new InvalidDataException($"The runner does not know the dtype '{other}'."),
        };
    }

    public static Tensor<float>? ReadOptional(JsonNode? json) => json is null ? null : ReadFloat(json);

    public static double Number(JsonNode? json)
        => json!.GetValueKind() switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.String => (string)json! switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                string other => throw new InvalidDataException($"'{other}' is no number."),
            },
            _ => (double)json!,
        };

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
