using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>
    /// Trains on a stream of batches, read anew each epoch (or, with <see cref="FitOptions.StepsPerEpoch"/>, on from where the last epoch
    /// stopped). Each batch is one step, whatever <see cref="FitOptions.BatchSize"/> says, and is checked before its step; shuffling is the stream's.
    /// </summary>
    /// <param name="batches">The stream.</param>
    /// <param name="options">Epochs, validation, callbacks; Keras's defaults when null.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in use.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model, or the options ask for what a stream cannot give.</exception>
    public History Fit(IEnumerable<Batch> batches, FitOptions? options = null)
        // A plain stream never waits, so this is done when it returns.
        => FitStream(BatchStream.Of(batches), options ?? new FitOptions()).AsTask().GetAwaiter().GetResult();

    /// <summary>The same for a stream whose batches are waited for.</summary>
    /// <param name="batches">The stream.</param>
    /// <param name="options">Epochs, validation, callbacks; Keras's defaults when null.</param>
    /// <param name="cancellation">Stops between two steps; the weights stay as the last step left them.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in use.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model, or the options ask for what a stream cannot give.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<History> FitAsync(IAsyncEnumerable<Batch> batches, FitOptions? options = null, CancellationToken cancellation = default)
        => FitStream(BatchStream.Of(batches, cancellation), options ?? new FitOptions()).AsTask();

    /// <summary>Measures loss and metrics over a stream of batches, read once; each is checked when it comes.</summary>
    /// <param name="batches">The stream.</param>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in training.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model, or there is none.</exception>
    public Evaluation Evaluate(IEnumerable<Batch> batches) => EvaluateStream(BatchStream.Of(batches)).AsTask().GetAwaiter().GetResult();

    /// <summary>The same for a stream whose batches are waited for.</summary>
    /// <param name="batches">The stream.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in training.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model, or there is none.</exception>
    public Task<Evaluation> EvaluateAsync(IAsyncEnumerable<Batch> batches, CancellationToken cancellation = default)
        => EvaluateStream(BatchStream.Of(batches, cancellation)).AsTask();

    /// <summary>Computes the single output for each batch of a stream, as it is read; targets are not looked at.</summary>
    /// <param name="batches">The stream.</param>
    /// <returns>One tensor a batch, in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model has several outputs, or is in training.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model.</exception>
    public IEnumerable<Tensor<float>> Predict(IEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        foreach (Batch batch in batches)
            yield return Predict(batch.X, WholeBatch(batch));
    }

    /// <summary>The same for a stream whose batches are waited for.</summary>
    /// <param name="batches">The stream.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>One tensor a batch, in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model has several outputs, or is in training.</exception>
    /// <exception cref="ArgumentException">A batch does not fit the model.</exception>
    public async IAsyncEnumerable<Tensor<float>> PredictAsync(
        IAsyncEnumerable<Batch> batches,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        await foreach (Batch batch in batches.WithCancellation(cancellation).ConfigureAwait(false))
            yield return Predict(batch.X, WholeBatch(batch));
    }

    internal SampleSet Samples(CompiledModel compiled, Batch batch) => Samples(compiled, batch.X, batch.Y, batch.SampleWeights);

    private async ValueTask<History> FitStream(BatchStream stream, FitOptions options)
    {
        RequireCompileSettings("Fit");
        options.Check();
        if (options.ValidationSplit != 0 || options.SampleWeight is not null || options.SampleWeights is not null)
            throw new ArgumentException($"Model '{Name}': a stream cannot be split or weighted from outside; give ValidationData or ValidationBatches instead of ValidationSplit, and sample weights inside each Batch.", nameof(options));
        using ModelUse use = ModelUse.Exclusive(this, "trained");
        try
        {
            Batch first = await use.WaitFor(stream.Peek()).ConfigureAwait(false) ?? throw Evaluator.NoBatch(this);
            CompiledModel compiled = CompiledFor(first.X);
            compiled.CheckTrainable();
            SampleSet? validation = options.ValidationData is { } given ? Samples(compiled, given.X, given.Y, given.SampleWeights) : null;
            return await new FitLoop(this, compiled, validation, options, samples: null).Run(stream, use).ConfigureAwait(false);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<Evaluation> EvaluateStream(BatchStream stream)
    {
        RequireCompileSettings("Evaluate");
        using ModelUse use = ModelUse.Exclusive(this, "evaluated", nests: true);
        try
        {
            Batch first = await use.WaitFor(stream.Peek()).ConfigureAwait(false) ?? throw Evaluator.NoBatch(this);
            CompiledModel compiled = CompiledFor(first.X);
            compiled.EvaluationLogs.Reset();
            while (await use.WaitFor(stream.Next()).ConfigureAwait(false) is { } batch)
                Evaluator.Add(compiled, batch);
            return new Evaluation(compiled, compiled.EvaluationLogs);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static int WholeBatch(Batch batch) => batch.X.Count > 0 && batch.X[0].Rank > 0 ? Math.Max(1, batch.X[0].Shape[0]) : 1;
}
