namespace FlatFuse.Kernels;

/// <summary>What <see cref="Conv1DKernel.Backward"/> reads and writes. A gradient that is left empty is not computed.</summary>
public ref struct Conv1DBackward
{
    /// <summary>The activation of the forward call.</summary>
    public ActivationKind Activation { get; set; }

    /// <summary>[N, L, C], the input of the forward call.</summary>
    public ReadOnlySpan<float> X { get; set; }

    /// <summary>[K, C, F].</summary>
    public ReadOnlySpan<float> Kernel { get; set; }

    /// <summary>[N, Lout, F], the values before the activation; read only where <see cref="Activations.NeedsInput"/>.</summary>
    public ReadOnlySpan<float> Z { get; set; }

    /// <summary>[N, Lout, F], the output of the forward call; not read where the activation is linear.</summary>
    public ReadOnlySpan<float> Y { get; set; }

    /// <summary>[N, Lout, F], the gradient of the output.</summary>
    public ReadOnlySpan<float> DY { get; set; }

    /// <summary>[N, L, C], the gradient of the input, or empty.</summary>
    public Span<float> DX { get; set; }

    /// <summary>[K, C, F], the gradient of the kernel, or empty.</summary>
    public Span<float> DKernel { get; set; }

    /// <summary>[F], the gradient of the bias, or empty.</summary>
    public Span<float> DBias { get; set; }

    /// <summary>True to add to <see cref="DX"/> instead of overwriting it.</summary>
    public bool AddDX { get; set; }

    /// <summary>True to add to <see cref="DKernel"/>.</summary>
    public bool AddDKernel { get; set; }

    /// <summary>True to add to <see cref="DBias"/>.</summary>
    public bool AddDBias { get; set; }
}
