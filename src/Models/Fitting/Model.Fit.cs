using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>Trains a model with one input and one output.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">(samples, …), any element type.</param>
    /// <param name="options">Epochs, batch size, validation; Keras's defaults when null.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    public History Fit(Tensor x, Tensor y, FitOptions? options = null) => Fit([x], [y], options);

    /// <summary>Trains a model with several inputs and one output.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">(samples, …), any element type.</param>
    /// <param name="options">Epochs, batch size, validation; Keras's defaults when null.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    public History Fit(IReadOnlyList<Tensor> x, Tensor y, FitOptions? options = null) => Fit(x, [y], options);

    /// <summary>Trains a model with one input and several outputs.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">One tensor an output.</param>
    /// <param name="options">Epochs, batch size, validation; Keras's defaults when null.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    public History Fit(Tensor x, IReadOnlyList<Tensor> y, FitOptions? options = null) => Fit([x], y, options);

    /// <summary>
    /// Trains the model: for each epoch, every batch once, forward, backward, update; then validation. All arrays are checked
    /// before the first step. The same seed gives the same bits, for any number of threads.
    /// </summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="y">One tensor an output, (samples, …), any element type.</param>
    /// <param name="options">Epochs, batch size, validation; Keras's defaults when null.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in use.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public History Fit(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, FitOptions? options = null)
    {
        RequireCompileSettings("Fit");
        options ??= new FitOptions();
        options.Check();
        using ModelUse use = ModelUse.Exclusive(this, "trained");
        CompiledModel compiled = CompiledFor(x);
        compiled.CheckTrainable();
        if (options.StepsPerEpoch is not null)
            throw new ArgumentException($"Model '{Name}': StepsPerEpoch is for streams of batches; an epoch over arrays is every sample once.", nameof(options));
        SampleSet all = Samples(compiled, x, y, options.AllSampleWeights);
        (SampleSet training, SampleSet? validation) = Divide(compiled, all, options);
        // After the division: what is validated on is not weighted by class.
        training = DataDoor.WithClassWeights(this, training, options.ClassWeight);
        return new FitLoop(this, compiled, validation, options, training.Count).Run(training);
    }

    private SampleSet Samples(
        CompiledModel compiled,
        IReadOnlyList<Tensor> x,
        IReadOnlyList<Tensor> y,
        IReadOnlyList<Tensor<float>?>? sampleWeights)
    {
        IReadOnlyList<Tensor<float>> inputs = DataDoor.Inputs(this, x);
        int samples = inputs[0].Shape[0];
        IReadOnlyList<Tensor<float>> targets = DataDoor.Targets(this, compiled.Losses, y, samples);
        return new SampleSet(inputs, targets, DataDoor.SampleWeights(this, compiled.Losses, sampleWeights, samples));
    }

    private (SampleSet Training, SampleSet? Validation) Divide(CompiledModel compiled, SampleSet all, FitOptions options)
    {
        if (options.ValidationData is { } given)
            return (all, Samples(compiled, given.X, given.Y, given.SampleWeights));
        if (options.ValidationSplit == 0)
            return (all, null);
        int training = (int)(all.Count * (1 - options.ValidationSplit));
        if (training == 0 || training == all.Count)
            throw new ArgumentException($"Model '{Name}': a validation split of {options.ValidationSplit} leaves {training} of {all.Count} samples to train on; both parts need at least one.");
        return (all.Range(0, training), all.Range(training, all.Count - training));
    }
}
