namespace FlatFuse.Models;

/// <summary>What Fit measured: one number an epoch under each key, as in Keras (<c>loss</c>, <c>accuracy</c>, <c>val_loss</c>, …).</summary>
public sealed class History
{
    private readonly Dictionary<string, List<double>> _series = [];
    private readonly List<string> _keys = [];

    internal History()
    {
    }

    /// <summary>The keys, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Epochs that were completed.</summary>
    public int Epochs => _keys.Count == 0 ? 0 : _series[_keys[0]].Count;

    /// <summary>The numbers under a key, one an epoch.</summary>
    /// <param name="key">For example <c>val_accuracy</c>.</param>
    /// <exception cref="KeyNotFoundException">Nothing was measured under that key; the message lists those that exist.</exception>
    public IReadOnlyList<double> this[string key]
        => _series.TryGetValue(key, out List<double>? series)
            ? series
            : throw new KeyNotFoundException($"History has no '{key}'; it has {string.Join(", ", _keys)}.");

    /// <summary>True when something was measured under the key.</summary>
    /// <param name="key">For example <c>val_accuracy</c>.</param>
    public bool Contains(string key) => _series.ContainsKey(key);

    internal void Add(string key, double value)
    {
        if (!_series.TryGetValue(key, out List<double>? series))
        {
            series = [];
            _series.Add(key, series);
            _keys.Add(key);
        }
        series.Add(value);
    }
}
