using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>What one step sees, when data come as a stream: inputs, targets, and a weight a sample where there are some.</summary>
/// <param name="X">One tensor an input, (samples, …), any element type.</param>
/// <param name="Y">One tensor an output, (samples, …), any element type; empty to predict.</param>
/// <param name="SampleWeights">Null, one entry for every output, or one an output (null where samples weigh the same); each (samples,), or the
/// shape of the loss entries.</param>
public sealed record Batch(IReadOnlyList<Tensor> X, IReadOnlyList<Tensor> Y, IReadOnlyList<Tensor<float>?>? SampleWeights = null)
{
    /// <summary>A batch of a model with one input and one output.</summary>
    /// <param name="x">(samples, …).</param>
    /// <param name="y">(samples, …).</param>
    /// <param name="sampleWeight">(samples,), or none.</param>
    public Batch(Tensor x, Tensor y, Tensor<float>? sampleWeight = null)
        : this([x], [y], sampleWeight is null ? null : [sampleWeight])
    {
    }

    /// <summary>A batch of a model with several inputs and one output.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">(samples, …).</param>
    /// <param name="sampleWeight">(samples,), or none.</param>
    public Batch(IReadOnlyList<Tensor> x, Tensor y, Tensor<float>? sampleWeight = null)
        : this(x, [y], sampleWeight is null ? null : [sampleWeight])
    {
    }

    /// <summary>A batch to predict, of a model with one input.</summary>
    /// <param name="x">(samples, …).</param>
    public Batch(Tensor x)
        : this([x], [])
    {
    }
}
