namespace FlatFuse.Kernels;

/// <summary>How many vectors wide the next panel is.</summary>
internal static class LSTMPanels
{
    /// <summary>At most 4, and rather 3 + 2 than 4 + 1: a narrow tile has too few sums in flight to hide the latency of the last ones.</summary>
    public static int Width(int vectorsLeft) => vectorsLeft <= 4 ? vectorsLeft : vectorsLeft is 5 ? 3 : 4;
}
