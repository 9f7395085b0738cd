namespace FlatFuse.Kernels;

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
