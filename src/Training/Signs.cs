namespace FlatFuse.Training;

/// <summary>The sign of a float without <see cref="Math.Sign(float)"/>'s exception for NaN: a NaN stays one.</summary>
internal static class Signs
{
    /// <summary>−1, 0 or 1; NaN for NaN.</summary>
    public static float Of(float value) => value > 0f ? 1f : value < 0f ? -1f : value == 0f ? 0f : float.NaN;
}
