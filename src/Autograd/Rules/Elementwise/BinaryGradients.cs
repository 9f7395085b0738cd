using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>The gradients that a kernel computes: those of sums and products.</summary>
internal static class BinaryGradients
{
    /// <summary>gradient = factor · dy, or added.</summary>
    public static bool Scaled(Workers workers, ReadOnlySpan<float> dy, float factor, Span<float> gradient, bool accumulate)
    {
        if (accumulate)
            Elementwise.AddScaled(workers, dy, factor, gradient);
        else
            Elementwise.Scale(workers, dy, factor, gradient);
        return true;
    }

    /// <summary>gradient = dy · other; adding has no kernel.</summary>
    public static bool Product(Workers workers, ReadOnlySpan<float> dy, ReadOnlySpan<float> other, Span<float> gradient, bool accumulate)
    {
        if (accumulate)
            return false;
        Elementwise.Multiply(workers, dy, other, gradient);
        return true;
    }
}
