namespace FlatFuse.Models;

/// <summary>The loss and the metrics over a whole data set, under the keys of <see cref="History"/>.</summary>
public sealed class Evaluation
{
    private readonly string[] _keys;
    private readonly double[] _values;

    internal Evaluation(ReadOnlySpan<string> keys, ReadOnlySpan<double> values)
    {
        _keys = keys.ToArray();
        _values = values.ToArray();
    }

    /// <summary>The keys: <c>loss</c> first.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The total loss.</summary>
    public double Loss => _values[0];

    /// <summary>The number under a key.</summary>
    /// <param name="key">For example <c>accuracy</c>.</param>
    /// <exception cref="KeyNotFoundException">The model does not measure that; the message lists what it does.</exception>
    public double this[string key]
    {
        get
        {
            int index = Array.IndexOf(_keys, key);
            return index >= 0
                ? _values[index]
                : throw new KeyNotFoundException($"The evaluation has no '{key}'; it has {string.Join(", ", _keys)}.");
        }
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Join(" - ", _keys.Zip(_values, (key, value) => FormattableString.Invariant($"{key}: {value:0.0000}")));
}
