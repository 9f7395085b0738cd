namespace FlatFuse.Layers;

/// <summary>Weights below 0 become 0. Source: Keras 3, <c>keras.constraints.NonNeg</c>.</summary>
public sealed class NonNegative : Constraint
{
    /// <inheritdoc/>
    public override string ClassName => "NonNeg";

    /// <inheritdoc/>
    public override void Apply(Span<float> weights, ReadOnlySpan<int> shape)
    {
        foreach (ref float weight in weights)
        {
            // NaN stays NaN: hiding it would hide the step that made it.
            if (weight < 0)
                weight = 0;
        }
    }
}
