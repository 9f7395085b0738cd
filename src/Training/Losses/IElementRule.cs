namespace FlatFuse.Training;

/// <summary>A loss that treats every element alike: value and derivative side by side. The struct carries the loss's constants.</summary>
internal interface IElementRule
{
    /// <summary>The loss of prediction <paramref name="p"/> for target <paramref name="t"/>.</summary>
    float Value(float t, float p);

    /// <summary>Its derivative with respect to <paramref name="p"/>.</summary>
    float Derivative(float t, float p);
}
