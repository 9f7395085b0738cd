using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>Where a node's backward writes the gradient of one input.</summary>
public readonly struct GradientDestination
{
    private readonly Tensor<float>? _gradient;

    internal GradientDestination(Tensor<float> gradient, bool accumulate)
    {
        _gradient = gradient;
        Accumulate = accumulate;
    }

    /// <summary>False when nobody wants this gradient: the node skips its computation.</summary>
    public bool IsNeeded => _gradient is not null;

    /// <summary>True to add to what is there, false to overwrite it.</summary>
    public bool Accumulate { get; }

    /// <summary>The gradient's memory, contiguous, in the input's shape.</summary>
    public Tensor<float> Gradient => _gradient ?? throw new InvalidOperationException("Nobody wants this gradient: look at IsNeeded first.");

    /// <summary>The gradient's elements.</summary>
    public Span<float> Span => Gradient.AsSpan();
}
