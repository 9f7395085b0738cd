using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>Measures a model with one input and one output.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">(samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    public Evaluation Evaluate(Tensor x, Tensor y, int batchSize = 32) => Evaluate([x], [y], batchSize);

    /// <summary>Measures a model with several inputs and one output.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">(samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    public Evaluation Evaluate(IReadOnlyList<Tensor> x, Tensor y, int batchSize = 32) => Evaluate(x, [y], batchSize);

    /// <summary>Measures a model with one input and several outputs.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="y">One tensor an output.</param>
    /// <param name="batchSize">Samples a pass.</param>
    public Evaluation Evaluate(Tensor x, IReadOnlyList<Tensor> y, int batchSize = 32) => Evaluate([x], y, batchSize);

    /// <summary>Measures loss and metrics in inference mode: dropout is off, nothing is changed.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">One tensor an output.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <param name="sampleWeights">Null, one entry for every output, or one an output.</param>
    /// <exception cref="InvalidOperationException">The model is not compiled, or in training.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public Evaluation Evaluate(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, int batchSize = 32, IReadOnlyList<Tensor<float>?>? sampleWeights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        RequireCompileSettings("Evaluate");
        // The metrics' running state belongs to the compiled model: one evaluation at a time, and none beside a training.
        using ModelUse use = ModelUse.Exclusive(this, "evaluated", nests: true);
        CompiledModel compiled = CompiledFor(x);
        SampleSet data = Samples(compiled, x, y, sampleWeights);
        Evaluator.Run(compiled, data, batchSize);
        return new Evaluation(compiled, compiled.EvaluationLogs);
    }
}
