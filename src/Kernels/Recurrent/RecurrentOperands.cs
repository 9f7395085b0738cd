namespace FlatFuse.Kernels;

/// <summary>What <see cref="GRUKernel"/> and <see cref="SimpleRNNKernel"/> read; an empty span means that there is none. Sizes are told by their shapes.</summary>
public readonly ref struct RecurrentOperands
{
    /// <summary>The input, (batch, steps, features).</summary>
    public ReadOnlySpan<float> X { get; init; }

    /// <summary>The input weights, (features, gates · units).</summary>
    public ReadOnlySpan<float> Kernel { get; init; }

    /// <summary>The recurrent weights, (units, gates · units).</summary>
    public ReadOnlySpan<float> RecurrentKernel { get; init; }

    /// <summary>The bias, or empty for none: (gates · units), and (2, 3 · units) for a GRU that resets after the product.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>The initial state, (batch, units), or empty for zeros.</summary>
    public ReadOnlySpan<float> H0 { get; init; }

    /// <summary>(batch, steps): 0 where a step keeps the state and repeats the output, anything else elsewhere; empty for no mask.</summary>
    public ReadOnlySpan<float> Mask { get; init; }

    /// <summary>(batch, units): factors of the state on its way into the products with the recurrent weights (dropout), the same at every step; empty for none.</summary>
    public ReadOnlySpan<float> RecurrentMask { get; init; }
}
