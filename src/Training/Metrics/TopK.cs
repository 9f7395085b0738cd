namespace FlatFuse.Training;

/// <summary>Whether a class is among the k largest predictions.</summary>
internal static class TopK
{
    /// <summary>True when fewer than <paramref name="k"/> predictions are strictly greater than that of <paramref name="label"/>; false for NaN there and for no class.</summary>
    public static bool Contains(ReadOnlySpan<float> predictions, int label, int k)
    {
        if ((uint)label >= (uint)predictions.Length || float.IsNaN(predictions[label]))
            return false;
        int greater = 0;
        foreach (float prediction in predictions)
            greater += prediction > predictions[label] ? 1 : 0;
        return greater < k;
    }
}
