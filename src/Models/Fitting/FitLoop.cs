using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>One run of Fit: epochs over batches, with callbacks and validation in between.</summary>
internal sealed class FitLoop
{
    private readonly Model _model;
    private readonly CompiledModel _compiled;
    private readonly SampleSet? _validation;
    private readonly FitOptions _options;
    private readonly Callback[] _callbacks;
    private readonly TrainingProgress _progress;
    private readonly TerminateOnNaN? _guard;
    private readonly History _history = new();
    private readonly int _batchSize;

    /// <param name="model">The model.</param>
    /// <param name="compiled">Its compiled side.</param>
    /// <param name="validation">Checked samples to validate on, or none.</param>
    /// <param name="options">Fit's.</param>
    /// <param name="samples">Samples an epoch; null for a stream.</param>
    public FitLoop(Model model, CompiledModel compiled, SampleSet? validation, FitOptions options, int? samples)
    {
        _model = model;
        _compiled = compiled;
        _validation = validation;
        _options = options;
        ProgressBar? bar = ProgressBar.For(options.Verbosity, options.Output);
        _callbacks = bar is null ? [.. options.Callbacks] : [.. options.Callbacks, bar];
        bool validates = validation is not null || options.ValidationBatches is not null;
        _batchSize = samples is { } count ? model.BatchSizeFor(options.BatchSize, count) : options.BatchSize;
        int? batches = samples is null ? options.StepsPerEpoch : (samples + _batchSize - 1) / _batchSize;
        _progress = new TrainingProgress(model, compiled, options, batches, validates) { Callbacks = _callbacks, Shuffles = options.Shuffle && samples is not null };
        _guard = _callbacks.OfType<TerminateOnNaN>().FirstOrDefault();
    }

    /// <summary>Trains on arrays.</summary>
    public History Run(SampleSet training)
    {
        RandomSource random = RandomSource.FromSeed(_model.Seed).Derive("shuffle").Derive((ulong)_options.Seed);
        int[] order = [];
        Begin();
        for (int epoch = _progress.Epoch; epoch < _options.Epochs && !_progress.StopTraining; epoch++)
        {
            if (_options.Shuffle)
                order = random.Derive(_compiled.BeginEpoch(epoch)).Permutation(training.Count);
            int done = BeginEpoch(epoch);
            for (int start = done * _batchSize; start < training.Count && !_progress.StopTraining; start += _batchSize)
                RunStep(training, order, start, Math.Min(_batchSize, training.Count - start));
            EndEpoch();
        }
        return End();
    }

    /// <summary>Trains on a stream; each batch is checked before its step.</summary>
    public async ValueTask<History> Run(BatchStream stream, ModelUse use)
    {
        Begin();
        if (_options.StepsPerEpoch is { } done && _callbacks.Any(callback => callback is BackupAndRestore { ResumedEpoch: not null }))
            await Skip(stream, use, ((long)done * _progress.Epoch) + _progress.DoneBatches).ConfigureAwait(false);
        for (int epoch = _progress.Epoch; epoch < _options.Epochs && !_progress.StopTraining; epoch++)
        {
            if (_options.StepsPerEpoch is null)
                await stream.Restart().ConfigureAwait(false);
            int resumed = BeginEpoch(epoch);
            if (_options.StepsPerEpoch is null)
                await Skip(stream, use, resumed).ConfigureAwait(false);
            while (!_progress.StopTraining && _progress.Batch + 1 != _options.StepsPerEpoch)
            {
                Batch? batch = await NextOf(stream, use).ConfigureAwait(false);
                if (batch is null)
                    break;
                SampleSet data = DataDoor.WithClassWeights(_model, _model.Samples(_compiled, batch), _options.ClassWeight);
                RunStep(data, [], 0, data.Count);
            }
            EndEpoch();
            _progress.Batches = _progress.Batch + 1;
        }
        return End();
    }

    private async ValueTask<Batch?> NextOf(BatchStream stream, ModelUse use)
    {
        Batch? batch = await use.WaitFor(stream.Next()).ConfigureAwait(false);
        bool endless = _options.StepsPerEpoch is not null;
        if (batch is null && endless)
        {
            await stream.Restart().ConfigureAwait(false);
            batch = await use.WaitFor(stream.Next()).ConfigureAwait(false);
        }
        if (batch is null && (endless || _progress.Batch < 0))
            throw new ArgumentException($"Model '{_model.Name}': the stream gave no batch in epoch {_progress.Epoch + 1}; expected at least one. A stream that can be read only once serves one epoch: set Epochs to 1 or StepsPerEpoch, or give an enumerable that begins anew.");
        return batch;
    }

    private async ValueTask Skip(BatchStream stream, ModelUse use, long batches)
    {
        for (long i = 0; i < batches; i++)
            _ = await NextOf(stream, use).ConfigureAwait(false);
    }

    private void Begin()
    {
        foreach (Callback callback in _callbacks)
            callback.OnTrainBegin(_progress);
        foreach (Callback callback in _callbacks)
            (callback as BackupAndRestore)?.Resume(_progress);
    }

    // Returns the batches of the epoch that were done before this Fit went on.
    private int BeginEpoch(int epoch)
    {
        int done = _progress.DoneBatches;
        _progress.DoneBatches = 0;
        _progress.Epoch = epoch;
        _progress.Batch = done - 1;
        if (done == 0)
            _compiled.TrainingLogs.Reset();
        foreach (Callback callback in _callbacks)
            callback.OnEpochBegin(_progress);
        return done;
    }

    private void RunStep(SampleSet data, int[] order, int start, int count)
    {
        _progress.Batch++;
        foreach (Callback callback in _callbacks)
            callback.OnBatchBegin(_progress);
        _progress.BatchLoss = TrainingStep.Run(_compiled, data, order, start, count, _guard);
        _progress.Record(_compiled.TrainingLogs.Values());
        foreach (Callback callback in _callbacks)
            callback.OnBatchEnd(_progress);
        foreach (Callback callback in _callbacks)
            (callback as BackupAndRestore)?.BatchDone(_progress);
    }

    private void EndEpoch()
    {
        if (_validation is not null)
            _progress.RecordValidation(Evaluator.Run(_compiled, _validation, _options.BatchSize));
        else if (_options.ValidationBatches is { } batches)
            _progress.RecordValidation(Evaluator.Run(_compiled, batches));
        foreach (Callback callback in _callbacks)
            callback.OnEpochEnd(_progress);
        foreach (Callback callback in _callbacks)
            (callback as BackupAndRestore)?.EpochDone(_progress);
        for (int i = 0; i < _progress.Keys.Length; i++)
            _history.Add(_progress.Keys[i], _progress.Values[i]);
    }

    private History End()
    {
        _compiled.OptimizerState.Finish();
        foreach (Callback callback in _callbacks)
            callback.OnTrainEnd(_progress);
        return _history;
    }
}
