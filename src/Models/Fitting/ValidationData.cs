using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>Samples that are only validated on.</summary>
/// <param name="X">One tensor an input.</param>
/// <param name="Y">One tensor an output.</param>
public sealed record ValidationData(IReadOnlyList<Tensor> X, IReadOnlyList<Tensor> Y)
{
    /// <summary>Weights of samples: null, one entry for every output, or one an output.</summary>
    public IReadOnlyList<Tensor<float>?>? SampleWeights { get; init; }

    /// <summary>Samples of a model with one input and one output.</summary>
    /// <param name="x">(samples, …).</param>
    /// <param name="y">(samples, …).</param>
    public ValidationData(Tensor x, Tensor y)
        : this([x], [y])
    {
    }

    /// <summary>Samples of a model with several inputs and one output.</summary>
    /// <param name="x">One tensor an input.</param>
    /// <param name="y">(samples, …).</param>
    public ValidationData(IReadOnlyList<Tensor> x, Tensor y)
        : this(x, [y])
    {
    }
}
