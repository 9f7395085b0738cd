namespace FlatFuse.Kernels;

/// <summary>What happens to a product before it is stored: <c>C = act(A·B (+ C if Accumulate) + bias)</c>.</summary>
public readonly ref struct GemmEpilogue
{
    /// <summary>One value a column (N), or empty for none.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>Applied last.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>True to add the product to what C holds instead of overwriting it.</summary>
    public bool Accumulate { get; init; }
}
