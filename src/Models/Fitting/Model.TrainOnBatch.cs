using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>One update on one batch of a model with one input and one output.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">(samples, …), any element type.</param>
    public Evaluation TrainOnBatch(Tensor x, Tensor y) => TrainOnBatch([x], [y]);

    /// <summary>One update on one batch of a model with several inputs and one output.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">(samples, …), any element type.</param>
    public Evaluation TrainOnBatch(IReadOnlyList<Tensor> x, Tensor y) => TrainOnBatch(x, [y]);

    /// <summary>One update on one batch of a model with one input and several outputs.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">One tensor an output.</param>
    public Evaluation TrainOnBatch(Tensor x, IReadOnlyList<Tensor> y) => TrainOnBatch([x], y);

    /// <summary>One update on one batch.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">One tensor an output.</param>
    /// <returns>Loss and metrics of the batch, before the update.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in use.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public Evaluation TrainOnBatch(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y)
    {
        RequireCompileSettings("TrainOnBatch");
        using ModelUse use = ModelUse.Exclusive(this, "trained");
        CompiledModel compiled = CompiledFor(x);
        compiled.CheckTrainable();
        SampleSet data = Samples(compiled, x, y, sampleWeights: null);
        compiled.TrainingLogs.Reset();
        TrainingStep.Run(compiled, data, order: default, 0, data.Count);
        return new Evaluation(compiled, compiled.TrainingLogs);
    }
}
