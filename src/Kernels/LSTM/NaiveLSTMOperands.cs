namespace FlatFuse.Kernels;

/// <summary>What <see cref="NaiveLSTM{T}"/> reads; shapes as in <see cref="LSTMOperands"/>, an empty span means none.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct NaiveLSTMOperands<T>
    where T : struct
{
    /// <summary>The input, (batch, steps, features).</summary>
    public ReadOnlySpan<T> X { get; init; }

    /// <summary>The input weights, (features, 4 · units).</summary>
    public ReadOnlySpan<T> Kernel { get; init; }

    /// <summary>The recurrent weights, (units, 4 · units).</summary>
    public ReadOnlySpan<T> RecurrentKernel { get; init; }

    /// <summary>The bias, (4 · units), or empty.</summary>
    public ReadOnlySpan<T> Bias { get; init; }

    /// <summary>The initial h, (batch, units), or empty.</summary>
    public ReadOnlySpan<T> H0 { get; init; }

    /// <summary>The initial c, (batch, units), or empty.</summary>
    public ReadOnlySpan<T> C0 { get; init; }

    /// <summary>(batch, steps), or empty.</summary>
    public ReadOnlySpan<T> Mask { get; init; }
}
