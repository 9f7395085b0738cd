using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>One run of Fit: epochs over batches, with callbacks and validation in between.</summary>
internal sealed class FitLoop
{
    private readonly Model _model;
    private readonly CompiledModel _compiled;
    private readonly SampleSet _training;
    private readonly SampleSet? _validation;
    private readonly FitOptions _options;
    private readonly Callback[] _callbacks;
    private readonly TrainingProgress _progress;
    private readonly TerminateOnNaN? _guard;

    public FitLoop(Model model, CompiledModel compiled, SampleSet training, SampleSet? validation, FitOptions options)
    {
        _model = model;
        _compiled = compiled;
        _training = training;
        _validation = validation;
        _options = options;
        ProgressBar? bar = ProgressBar.For(options.Verbosity, options.Output);
        _callbacks = bar is null ? [.. options.Callbacks] : [.. options.Callbacks, bar];
        int batches = (training.Count + options.BatchSize - 1) / options.BatchSize;
        _progress = new TrainingProgress(model, compiled, options, batches, validates: validation is not null) { Callbacks = _callbacks };
        _guard = _callbacks.OfType<TerminateOnNaN>().FirstOrDefault();
    }

    public History Run()
    {
        var history = new History();
        var random = new RandomSource(RandomKey.FromSeed(_options.Seed).Derive("shuffle"));
        int[] order = [.. Enumerable.Range(0, _training.Count)];
        foreach (Callback callback in _callbacks)
            callback.OnTrainBegin(_progress);
        foreach (Callback callback in _callbacks)
            (callback as BackupAndRestore)?.Resume(_progress);
        for (int epoch = _progress.Epoch; epoch < _options.Epochs && !_progress.StopTraining; epoch++)
        {
            if (_options.Shuffle)
                order = random.Derive((ulong)epoch).Permutation(_training.Count);
            RunEpoch(epoch, order);
            for (int i = 0; i < _progress.Keys.Length; i++)
                history.Add(_progress.Keys[i], _progress.Values[i]);
        }
        foreach (Callback callback in _callbacks)
            callback.OnTrainEnd(_progress);
        return history;
    }

    private void RunEpoch(int epoch, int[] order)
    {
        _progress.Epoch = epoch;
        _progress.Batch = -1;
        _compiled.TrainingLogs.Reset();
        foreach (Callback callback in _callbacks)
            callback.OnEpochBegin(_progress);
        for (int start = 0; start < _training.Count && !_progress.StopTraining; start += _options.BatchSize)
            RunStep(order, start);
        if (_validation is not null)
            _progress.RecordValidation(Evaluator.Run(_compiled, _validation, _options.BatchSize));
        foreach (Callback callback in _callbacks)
            callback.OnEpochEnd(_progress);
        foreach (Callback callback in _callbacks)
            (callback as BackupAndRestore)?.Save(_progress);
    }

    private void RunStep(int[] order, int start)
    {
        int count = Math.Min(_options.BatchSize, _training.Count - start);
        _progress.Batch++;
        foreach (Callback callback in _callbacks)
            callback.OnBatchBegin(_progress);
        _progress.BatchLoss = TrainingStep.Run(_compiled, _training, order, start, count, _guard);
        _progress.Record(_compiled.TrainingLogs.Values());
        foreach (Callback callback in _callbacks)
            callback.OnBatchEnd(_progress);
    }
}
