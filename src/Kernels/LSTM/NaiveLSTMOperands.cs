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

/// <summary>Where <see cref="NaiveLSTM{T}"/> adds its gradients, all of them required.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct NaiveLSTMGradients<T>
    where T : struct
{
    /// <summary>The gradient of x.</summary>
    public required Span<T> X { get; init; }

    /// <summary>The gradient of the input weights.</summary>
    public required Span<T> Kernel { get; init; }

    /// <summary>The gradient of the recurrent weights.</summary>
    public required Span<T> RecurrentKernel { get; init; }

    /// <summary>The gradient of the bias.</summary>
    public required Span<T> Bias { get; init; }

    /// <summary>The gradient of the initial h.</summary>
    public required Span<T> H0 { get; init; }

    /// <summary>The gradient of the initial c.</summary>
    public required Span<T> C0 { get; init; }
}
