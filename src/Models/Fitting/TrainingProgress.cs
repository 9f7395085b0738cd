namespace FlatFuse.Models;

/// <summary>Where a training stands: one object, updated in place, so that telling callbacks costs no memory.</summary>
public sealed class TrainingProgress
{
    private readonly string[] _keys;
    private readonly double[] _values;
    private int _filled;

    internal TrainingProgress(Model model, FitOptions options, int batches, IReadOnlyList<string> keys, bool validates)
    {
        Model = model;
        Epochs = options.Epochs;
        Batches = batches;
        _keys = validates ? [.. keys, .. keys.Select(key => "val_" + key)] : [.. keys];
        _values = new double[_keys.Length];
    }

    /// <summary>The model in training.</summary>
    public Model Model { get; }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Epochs asked for.</summary>
    public int Epochs { get; }

    /// <summary>The batch within the epoch, from 0.</summary>
    public int Batch { get; internal set; }

    /// <summary>Batches an epoch.</summary>
    public int Batches { get; }

    /// <summary>The loss of the last batch, before its update.</summary>
    public double BatchLoss { get; internal set; }

    /// <summary>Keys of the logs: the loss, metrics, and after an epoch the same with <c>val_</c>.</summary>
    public ReadOnlySpan<string> Keys => _keys.AsSpan(0, _filled);

    /// <summary>The epoch's numbers so far, one a key.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _filled);

    /// <summary>Set by a callback to end training after this epoch.</summary>
    public bool StopTraining { get; set; }

    internal void Record(ReadOnlySpan<double> values)
    {
        values.CopyTo(_values);
        _filled = values.Length;
    }

    internal void RecordValidation(ReadOnlySpan<double> values)
    {
        values.CopyTo(_values.AsSpan(_keys.Length / 2));
        _filled = _keys.Length;
    }
}
