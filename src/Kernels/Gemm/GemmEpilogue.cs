namespace FlatFuse.Kernels;

/// <summary>What happens to a product before it is stored: <c>C = act(α A·B + β C + bias)</c>. By default α is 1, and β is 1 with <see cref="Accumulate"/> and 0 without.</summary>
public readonly ref struct GemmEpilogue
{
    /// <summary>One value a column (N), or empty for none.</summary>
    public ReadOnlySpan<float> Bias { get; init; }

    /// <summary>Applied last.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>True to add the product to what C holds instead of overwriting it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>α, the factor of the product: 1 when null. With 0, as in BLAS, A and B are never looked at.</summary>
    public float? Alpha { get; init; }

    /// <summary>β, the factor of what C holds, in place of <see cref="Accumulate"/>. With 0 C is overwritten and never looked at.</summary>
    public float? Beta { get; init; }
}
