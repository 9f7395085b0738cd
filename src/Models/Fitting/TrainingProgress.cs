using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>Where a training stands: one object, updated in place, so that telling callbacks costs no memory.</summary>
public sealed class TrainingProgress
{
    private readonly CompiledModel _compiled;
    private readonly int _measured;
    private string[] _keys;
    private double[] _values;
    private int _filled;

    internal TrainingProgress(Model model, CompiledModel compiled, FitOptions options, int? batches, bool validates)
    {
        Model = model;
        _compiled = compiled;
        Epochs = options.Epochs;
        Epoch = options.InitialEpoch;
        Batches = batches ?? 0;
        Output = options.Verbosity == Verbosity.Silent ? null : options.Output ?? Console.Out;
        _keys = validates ? [.. compiled.Keys, .. compiled.Keys.Select(key => "val_" + key)] : [.. compiled.Keys];
        _values = new double[_keys.Length];
        _measured = _keys.Length;
    }

    /// <summary>The model in training.</summary>
    public Model Model { get; }

    /// <summary>The epoch, from 0. Before the first one: where training will begin.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Epochs asked for.</summary>
    public int Epochs { get; }

    /// <summary>The batch within the epoch, from 0; −1 before the first.</summary>
    public int Batch { get; internal set; }

    /// <summary>Batches an epoch; 0 while a stream's length is not known.</summary>
    public int Batches { get; internal set; }

    /// <summary>The loss of the last batch, before its update.</summary>
    public double BatchLoss { get; internal set; }

    /// <summary>Keys of the logs: the loss, metrics, after an epoch the same with <c>val_</c>, then what callbacks logged.</summary>
    public ReadOnlySpan<string> Keys => _keys.AsSpan(0, _filled);

    /// <summary>The epoch's numbers so far, one a key.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _filled);

    /// <summary>The rate of the next step. Setting it replaces the optimizer's, until Compile is called again.</summary>
    /// <exception cref="InvalidOperationException">It is set, but the optimizer follows a schedule.</exception>
    public double LearningRate
    {
        get => _compiled.OptimizerState.CurrentLearningRate;
        set => _compiled.OptimizerState.LearningRate = _compiled.OptimizerState.LearningRate.Schedule is { } schedule
            ? throw new InvalidOperationException($"Model '{Model.Name}': the learning rate follows {schedule.GetType().Name} and cannot be set by a callback; compile with a number to let a callback change it.")
            : new LearningRate(value);
    }

    /// <summary>Set by a callback to end training: after a batch no further batch is trained on, and the epoch ends with its validation.</summary>
    public bool StopTraining { get; set; }

    /// <summary>Where a callback may print; null when Fit is silent.</summary>
    public TextWriter? Output { get; }

    /// <summary>Keys that every epoch measures, whether or not they have a number yet.</summary>
    internal ReadOnlySpan<string> MeasuredKeys => _keys.AsSpan(0, _measured);

    internal CompiledModel Compiled => _compiled;

    /// <summary>True when each epoch has an order of samples of its own.</summary>
    internal bool Shuffles { get; init; }

    /// <summary>Batches of the epoch to come that were done before this Fit went on.</summary>
    internal int DoneBatches { get; set; }

    internal Callback[] Callbacks { get; init; } = [];

    /// <summary>The number under a key, if there is one yet.</summary>
    /// <param name="key">For example <c>val_loss</c>.</param>
    /// <param name="value">The number.</param>
    public bool TryGetValue(string key, out double value)
    {
        int index = Keys.IndexOf(key);
        value = index < 0 ? 0 : _values[index];
        return index >= 0;
    }

    /// <summary>Adds a number to the epoch's logs, or replaces it: callbacks that come later and the history see it. To be called after an epoch.</summary>
    /// <param name="key">For example <c>learning_rate</c>.</param>
    /// <param name="value">The number.</param>
    public void Log(string key, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        int index = Keys.IndexOf(key);
        if (index >= 0)
        {
            _values[index] = value;
            return;
        }
        if (_filled == _keys.Length)
        {
            Array.Resize(ref _keys, _filled + 1);
            Array.Resize(ref _values, _filled + 1);
        }
        _keys[_filled] = key;
        _values[_filled++] = value;
    }

    internal void Record(ReadOnlySpan<double> values)
    {
        values.CopyTo(_values);
        _filled = values.Length;
    }

    internal void RecordValidation(ReadOnlySpan<double> values)
    {
        values.CopyTo(_values.AsSpan(_measured / 2));
        _filled = _measured;
    }
}
