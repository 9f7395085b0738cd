using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>The loss and the metrics over a whole data set, under the keys of <see cref="History"/>.</summary>
public sealed class Evaluation
{
    private readonly string[] _keys;
    private readonly double[] _values;
    private readonly Tensor<double>[] _details;

    internal Evaluation(CompiledModel compiled, RunningLogs logs)
    {
        _keys = [.. compiled.Keys];
        _values = logs.Values().ToArray();
        _details = logs.Details(_values);
    }

    /// <summary>The keys: <c>loss</c> first.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The total loss.</summary>
    public double Loss => _values[0];

    /// <summary>The number under a key.</summary>
    /// <param name="key">For example <c>accuracy</c>.</param>
    /// <exception cref="KeyNotFoundException">The model does not measure that; the message lists what it does.</exception>
    public double this[string key] => _values[IndexOf(key)];

    /// <summary>
    /// All that a metric knows, where the number under its key is a summary: a confusion matrix (classes, classes), the scores of the classes (classes),
    /// one value a threshold; otherwise the number itself, of shape ().
    /// </summary>
    /// <param name="key">For example <c>confusion_matrix</c>.</param>
    /// <exception cref="KeyNotFoundException">The model does not measure that; the message lists what it does.</exception>
    public Tensor<double> Details(string key) => _details[IndexOf(key)];

    /// <inheritdoc/>
    public override string ToString()
        => string.Join(" - ", _keys.Zip(_values, (key, value) => FormattableString.Invariant($"{key}: {value:0.0000}")));

    private int IndexOf(string key)
    {
        int index = Array.IndexOf(_keys, key);
        return index >= 0 ? index : throw new KeyNotFoundException($"The evaluation has no '{key}'; it has {string.Join(", ", _keys)}.");
    }
}
