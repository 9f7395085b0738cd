namespace FlatFuse.Kernels;

/// <summary>Softmax and its logarithm along the last axis of a matrix (rows, classes).</summary>
/// <remarks>
/// The row's maximum is taken off first, so that no exponential overflows. A row that holds NaN or +∞, or nothing but −∞, becomes NaN, as in Keras.
/// Each row belongs to one thread.
/// </remarks>
public static unsafe class SoftmaxKernel
{
    /// <summary>y[r, c] = exp(x[r, c] − m) / Σ exp(x[r, ·] − m), m the row's maximum.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="x">Logits (rows, classes).</param>
    /// <param name="y">Probabilities (rows, classes); may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void Forward(Workers workers, int rows, int classes, ReadOnlySpan<float> x, Span<float> y)
        => RunForward("SoftmaxKernel.Forward", workers, rows, classes, x, y, logarithm: false);

    /// <summary>dx = y · (dy − Σ over the row of y · dy), added to dx when <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="y">What <see cref="Forward"/> wrote (rows, classes).</param>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="dx">The gradient of x; may be <paramref name="dy"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void Backward(
        Workers workers, int rows, int classes, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => RunBackward("SoftmaxKernel.Backward", workers, rows, classes, y, dy, dx, accumulate, logarithm: false);

    /// <summary>y[r, c] = x[r, c] − m − log Σ exp(x[r, ·] − m), m the row's maximum.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="x">Logits (rows, classes).</param>
    /// <param name="y">Logarithms of the probabilities (rows, classes); may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void LogForward(Workers workers, int rows, int classes, ReadOnlySpan<float> x, Span<float> y)
        => RunForward("SoftmaxKernel.LogForward", workers, rows, classes, x, y, logarithm: true);

    /// <summary>dx = dy − eʸ · Σ over the row of dy, added to dx when <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="y">What <see cref="LogForward"/> wrote (rows, classes).</param>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="dx">The gradient of x; may be <paramref name="dy"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or the spans overlap shifted.</exception>
    public static void LogBackward(
        Workers workers, int rows, int classes, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        => RunBackward("SoftmaxKernel.LogBackward", workers, rows, classes, y, dy, dx, accumulate, logarithm: true);

    internal static void CheckMatrix(string name, string operand, int rows, int classes, int received)
    {
        Check.Size(name, "rows", rows);
        Check.Size(name, "classes", classes);
        Check.Length(name, operand, received, (long)rows * classes);
    }

    private static void RunForward(
        string name, Workers workers, int rows, int classes, ReadOnlySpan<float> x, Span<float> y, bool logarithm)
    {
        ArgumentNullException.ThrowIfNull(workers);
        CheckMatrix(name, "x", rows, classes, x.Length);
        Check.Length(name, "y", y.Length, x.Length);
        Check.SameOrDisjoint(name, "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.SoftmaxForward(workers, rows, classes, px, py, logarithm);
    }

    private static void RunBackward(
        string name, Workers workers, int rows, int classes, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate, bool logarithm)
    {
        ArgumentNullException.ThrowIfNull(workers);
        CheckMatrix(name, "y", rows, classes, y.Length);
        Check.Length(name, "dy", dy.Length, y.Length);
        Check.Length(name, "dx", dx.Length, y.Length);
        Check.SameOrDisjoint(name, "y", y, dx);
        Check.SameOrDisjoint(name, "dy", dy, dx);
        fixed (float* py = y, pdy = dy, pdx = dx)
            workers.Kernels.SoftmaxBackward(workers, rows, classes, py, pdy, pdx, accumulate, logarithm);
    }
}
