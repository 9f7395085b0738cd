namespace FlatFuse.Training;

/// <summary>Which labels a hinge loss was given; Keras decides it for each batch.</summary>
internal static class HingeLabels
{
    /// <summary>True when every label is 0 or 1: they mean −1 and 1.</summary>
    public static bool AreZeroOrOne(ReadOnlySpan<float> labels)
    {
        foreach (float label in labels)
        {
            if (label is not (0f or 1f))
                return false;
        }
        return true;
    }
}
