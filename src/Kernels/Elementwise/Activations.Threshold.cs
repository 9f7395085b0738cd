namespace FlatFuse.Kernels;

public static partial class Activations
{
    /// <summary>y = x where x &gt; <paramref name="threshold"/>, else <paramref name="value"/>. NaN stays NaN, where Keras's comparison gives the value.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">Inputs, any shape flattened.</param>
    /// <param name="y">Outputs; may be <paramref name="x"/> itself.</param>
    /// <param name="threshold">Inputs above it pass.</param>
    /// <param name="value">What the others become.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static unsafe void ThresholdForward(Workers workers, ReadOnlySpan<float> x, Span<float> y, float threshold, float value)
    {
        const string Name = "Activations.ThresholdForward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "y", y.Length, x.Length);
        Check.SameOrDisjoint(Name, "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.ThresholdForward(workers, px, py, x.Length, threshold, value);
    }

    /// <summary>dx = dy, or dx += dy, where x &gt; <paramref name="threshold"/>; 0 elsewhere.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The inputs of the forward call.</param>
    /// <param name="dy">The gradient of the outputs.</param>
    /// <param name="dx">The gradient of the inputs; may be <paramref name="dy"/> itself.</param>
    /// <param name="threshold">As in the forward call.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static unsafe void ThresholdBackward(
        Workers workers, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, float threshold, bool accumulate)
    {
        const string Name = "Activations.ThresholdBackward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "x", x.Length, dy.Length);
        Check.Length(Name, "dx", dx.Length, dy.Length);
        Check.SameOrDisjoint(Name, "x", x, dx);
        Check.SameOrDisjoint(Name, "dy", dy, dx);
        fixed (float* px = x, pdy = dy, pdx = dx)
            workers.Kernels.ThresholdBackward(workers, px, pdy, pdx, dy.Length, threshold, accumulate);
    }
}
