namespace FlatFuse.Kernels;

/// <summary>What <see cref="NaiveGRU{T}"/> and <see cref="NaiveSimpleRNN{T}"/> read; shapes as in <see cref="RecurrentOperands"/>, an empty span means none.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct NaiveRecurrentOperands<T>
    where T : struct
{
    /// <summary>The input, (batch, steps, features).</summary>
    public ReadOnlySpan<T> X { get; init; }

    /// <summary>The input weights, (features, gates · units).</summary>
    public ReadOnlySpan<T> Kernel { get; init; }

    /// <summary>The recurrent weights, (units, gates · units).</summary>
    public ReadOnlySpan<T> RecurrentKernel { get; init; }

    /// <summary>The bias, or empty.</summary>
    public ReadOnlySpan<T> Bias { get; init; }

    /// <summary>The initial state, (batch, units), or empty.</summary>
    public ReadOnlySpan<T> H0 { get; init; }

    /// <summary>(batch, steps), or empty.</summary>
    public ReadOnlySpan<T> Mask { get; init; }

    /// <summary>(batch, units), or empty.</summary>
    public ReadOnlySpan<T> RecurrentMask { get; init; }
}

/// <summary>Where <see cref="NaiveGRU{T}"/> and <see cref="NaiveSimpleRNN{T}"/> add their gradients, all of them required.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct NaiveRecurrentGradients<T>
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

    /// <summary>The gradient of the initial state.</summary>
    public required Span<T> H0 { get; init; }
}
