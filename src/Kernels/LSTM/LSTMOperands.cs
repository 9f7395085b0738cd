namespace FlatFuse.Kernels;

/// <summary>What an LSTM reads; an empty span means that there is none. Gates lie in Keras's order i, f, c, o.</summary>
public readonly ref struct LSTMOperands
{
    /// <summary>The input, (batch, steps, features).</summary>
    public ReadOnlySpan<float> X { get; init; }

    /// <summary>The input weights, (features, 4 · units).</summary>
    public ReadOnlySpan<float> Kernel { get; init; }

    /// <summary>The recurrent weights, (units, 4 · units).</summary>
    public ReadOnlySpan<float> RecurrentKernel { get; init; }

    /// <summary>The bias, (4 · units), or empty for none.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>The initial h, (batch, units), or empty for zeros.</summary>
    public ReadOnlySpan<float> H0 { get; init; }

    /// <summary>The initial c, (batch, units), or empty for zeros.</summary>
    public ReadOnlySpan<float> C0 { get; init; }

    /// <summary>(batch, steps): 0 where a step keeps the state and repeats the output, anything else elsewhere; empty for no mask.</summary>
    public ReadOnlySpan<float> Mask { get; init; }
}
