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
