using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlatFuse.Training;

/// <summary>Reads one <c>config</c> object: every key once, with Keras's default where it is missing; a key that nobody asked for is refused.</summary>
internal sealed class ConfigReader(string owner, JsonObject? config)
{
    private readonly HashSet<string> _read = [];

    public double Double(string key, double fallback) => Node(key) is { } node ? Number(key, node) : fallback;

    public double? OptionalDouble(string key) => Node(key) is { } node ? Number(key, node) : null;

    public double RequiredDouble(string key) => OptionalDouble(key) ?? throw Missing(key);

    public int Integer(string key, int fallback) => OptionalInteger(key) ?? fallback;

    public int? OptionalInteger(string key)
    {
        if (OptionalDouble(key) is not { } value)
            return null;
        return value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw Bad(key, value.ToString(CultureInfo.InvariantCulture), "a whole number");
    }

    public bool Boolean(string key, bool fallback)
    {
        if (Node(key) is not { } node)
            return fallback;
        return node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Bad(key, node.ToJsonString(), "true or false"),
        };
    }

    public string? Text(string key)
    {
        if (Node(key) is not { } node)
            return null;
        return node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Bad(key, node.ToJsonString(), "a text");
    }

    public double[] Numbers(string key)
    {
        if (Node(key) is not JsonArray array)
            throw Missing(key);
        var numbers = new double[array.Count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = array[i] is { } node ? Number(key, node) : throw Bad(key, "null", "numbers");
        return numbers;
    }

    /// <summary>True when the key stands there, be it null.</summary>
    public bool Has(string key) => config is not null && config.ContainsKey(key);

    /// <summary>The raw node; null when missing or null.</summary>
    public JsonNode? Node(string key)
    {
        _read.Add(key);
        return config?[key];
    }

    /// <summary>Accepts keys that change no number here: names, dtypes.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            _read.Add(key);
    }

    /// <summary>Accepts keys as long as they ask for nothing: null, false, 0, or as missing.</summary>
    public void RefuseUnlessOff(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Node(key) is not { } node)
                continue;
            bool isOff = node.GetValueKind() == JsonValueKind.False || (node.GetValueKind() == JsonValueKind.Number && Number(key, node) == 0);
            if (!isOff)
                throw Bad(key, node.ToJsonString(), "nothing: FlatFuse has no such option");
        }
    }

    /// <summary>Accepts keys as long as they are missing or null.</summary>
    public void RefuseUnlessNull(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Node(key) is { } node)
                throw Bad(key, node.ToJsonString(), "null: FlatFuse has no such option");
        }
    }

    /// <summary>Refuses what nobody read.</summary>
    public void Finish()
    {
        if (config is null)
            return;
        foreach ((string key, JsonNode? _) in config)
        {
            if (!_read.Contains(key))
                throw new ArgumentException($"{owner}: unknown key '{key}' in its config; known are {string.Join(", ", _read.Order(StringComparer.Ordinal))}.", nameof(config));
        }
    }

    public ArgumentException Bad(string key, string found, string expected)
        => new($"{owner}: {key} is {found}; expected {expected}.", nameof(config));

    private ArgumentException Missing(string key) => new($"{owner}: its config has no '{key}', which has no default.", nameof(config));

    // A number may have been parsed from text or put there as int, long or double: its JSON spelling is the same.
    private double Number(string key, JsonNode node)
        => node.GetValueKind() == JsonValueKind.Number
            ? double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : throw Bad(key, node.ToJsonString(), "a number");
}
