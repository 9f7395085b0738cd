namespace FlatFuse.Training;

/// <summary>The position of the largest value.</summary>
internal static class ArgMax
{
    /// <summary>The first of the largest values, as in Keras; NaN counts as largest.</summary>
    public static int Of(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best] || (float.IsNaN(values[i]) && !float.IsNaN(values[best])))
                best = i;
        }
        return best;
    }
}
