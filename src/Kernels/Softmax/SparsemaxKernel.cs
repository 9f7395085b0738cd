namespace FlatFuse.Kernels;

/// <summary>Sparsemax along the last axis of a matrix (rows, classes): max(x − τ, 0), where τ makes each row add up to 1.</summary>
/// <remarks>
/// A row that holds NaN or +∞, or nothing but −∞, becomes NaN. Each row belongs to one thread.
/// Source: Martins, Astudillo, From softmax to sparsemax, 2016. Keras computes another τ before its change 23469, where rows with several survivors
/// do not add up to 1.
/// </remarks>
public static unsafe class SparsemaxKernel
{
    /// <summary>y[r, c] = max(x[r, c] − τ[r], 0).</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="x">Logits (rows, classes).</param>
    /// <param name="y">Probabilities (rows, classes); may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void Forward(Workers workers, int rows, int classes, ReadOnlySpan<float> x, Span<float> y)
    {
        const string Name = "SparsemaxKernel.Forward";
        ArgumentNullException.ThrowIfNull(workers);
        SoftmaxKernel.CheckMatrix(Name, "x", rows, classes, x.Length);
        Check.Length(Name, "y", y.Length, x.Length);
        Check.SameOrDisjoint(Name, "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.SparsemaxForward(workers, rows, classes, px, py);
    }

    /// <summary>dx = dy − (mean of dy over the row's y &gt; 0) where y &gt; 0, else 0; added to dx when <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="y">What <see cref="Forward"/> wrote (rows, classes).</param>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="dx">The gradient of x; may be <paramref name="dy"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void Backward(Workers workers, int rows, int classes, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        const string Name = "SparsemaxKernel.Backward";
        ArgumentNullException.ThrowIfNull(workers);
        SoftmaxKernel.CheckMatrix(Name, "y", rows, classes, y.Length);
        Check.Length(Name, "dy", dy.Length, y.Length);
        Check.Length(Name, "dx", dx.Length, y.Length);
        Check.SameOrDisjoint(Name, "y", y, dx);
        Check.SameOrDisjoint(Name, "dy", dy, dx);
        fixed (float* py = y, pdy = dy, pdx = dx)
            workers.Kernels.SparsemaxBackward(workers, rows, classes, py, pdy, pdx, accumulate);
    }
}
