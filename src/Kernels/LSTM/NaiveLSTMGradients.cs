namespace FlatFuse.Kernels;

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
