namespace FlatFuse.Layers;

/// <summary>How many positions a window has: Keras's rule for convolution and pooling.</summary>
internal static class WindowLength
{
    /// <summary>Valid: ⌊(steps − span)/stride⌋ + 1. Same and causal: ⌈steps/stride⌉.</summary>
    public static int Of(int steps, int span, int stride, Padding padding)
        => padding == Padding.Valid ? (steps - span) / stride + 1 : (int)((steps + (long)stride - 1) / stride);
}
