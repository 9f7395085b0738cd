namespace FlatFuse.Kernels;

/// <summary>Where the gradients of <see cref="GRUKernel"/> and <see cref="SimpleRNNKernel"/> go, in their operands' shapes; an empty span means that nobody wants this one.</summary>
public readonly ref struct RecurrentGradients
{
    /// <summary>The gradient of x, (batch, steps, features).</summary>
    public Span<float> X { get; init; }

    /// <summary>The gradient of the input weights.</summary>
    public Span<float> Kernel { get; init; }

    /// <summary>The gradient of the recurrent weights.</summary>
    public Span<float> RecurrentKernel { get; init; }

    /// <summary>The gradient of the bias.</summary>
    public Span<float> Bias { get; init; }

    /// <summary>The gradient of the initial state, (batch, units).</summary>
    public Span<float> H0 { get; init; }

    /// <summary>True to add to <see cref="X"/>, false to overwrite it.</summary>
    public bool AccumulateX { get; init; }

    /// <summary>True to add to <see cref="Kernel"/>, false to overwrite it.</summary>
    public bool AccumulateKernel { get; init; }

    /// <summary>True to add to <see cref="RecurrentKernel"/>, false to overwrite it.</summary>
    public bool AccumulateRecurrentKernel { get; init; }

    /// <summary>True to add to <see cref="Bias"/>, false to overwrite it.</summary>
    public bool AccumulateBias { get; init; }

    /// <summary>True to add to <see cref="H0"/>, false to overwrite it.</summary>
    public bool AccumulateH0 { get; init; }
}
