using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Numbers in a configuration: one, or lists of them however deep, flattened.</summary>
internal static class Numbers
{
    public static double[] Read(string key, JsonNode node)
    {
        var numbers = new List<double>();
        Collect(node);
        return [.. numbers];

        void Collect(JsonNode? part)
        {
            if (part is JsonArray list)
            {
                foreach (JsonNode? item in list)
                    Collect(item);
            }
            else if (part is JsonValue value && value.TryGetValue(out double number))
            {
                numbers.Add(number);
            }
            else if (part is JsonValue other && other.TryGetValue(out int whole))
            {
                numbers.Add(whole);
            }
            else if (part is JsonValue single && single.TryGetValue(out float narrow))
            {
                numbers.Add(narrow);
            }
            else
            {
                throw new InvalidDataException($"Architecture: '{key}' holds {part?.ToJsonString() ?? "null"}; expected numbers.");
            }
        }
    }

    public static JsonArray Write(IReadOnlyList<float> numbers)
    {
        var list = new JsonArray();
        foreach (float number in numbers)
            list.Add((JsonNode)number);
        return list;
    }

    public static JsonNode Write(IReadOnlyList<double> numbers)
    {
        if (numbers.Count == 1)
            return JsonValue.Create(numbers[0]);
        var list = new JsonArray();
        foreach (double number in numbers)
            list.Add((JsonNode)number);
        return list;
    }
}
