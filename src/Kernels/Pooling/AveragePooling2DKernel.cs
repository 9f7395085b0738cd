namespace FlatFuse.Kernels;

/// <summary>The mean of every window over two axes; sequences are images of one row.</summary>
/// <remarks>The mean is over the entries that exist: padding is not counted, neither in the output nor in the gradient.</remarks>
public static unsafe class AveragePooling2DKernel
{
    /// <summary>y[n, i, j, c] = mean of the x[n, h, w, c] in window (i, j).</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, rows, columns, channels).</param>
    /// <param name="y">Output (batch, output rows, output columns, channels).</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape.</exception>
    public static void Forward(Workers workers, in Pool2DShape shape, ReadOnlySpan<float> x, Span<float> y)
    {
        const string Name = "AveragePooling2DKernel.Forward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "x", x.Length, shape.InputCount);
        Check.Length(Name, "y", y.Length, shape.OutputCount);
        if (y.IsEmpty)
            return;
        fixed (float* px = x, py = y)
            workers.Kernels.AveragePooling2DForward(workers, in shape, px, py);
    }

    /// <summary>dx[n, h, w, c] = Σ dy[n, i, j, c] / entries of window (i, j), over the windows that hold (h, w).</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dy">The gradient of the output (batch, output rows, output columns, channels).</param>
    /// <param name="dx">The gradient of the input (batch, rows, columns, channels).</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape.</exception>
    public static void Backward(Workers workers, in Pool2DShape shape, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        const string Name = "AveragePooling2DKernel.Backward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "dy", dy.Length, shape.OutputCount);
        Check.Length(Name, "dx", dx.Length, shape.InputCount);
        if (dx.IsEmpty)
            return;
        fixed (float* pdy = dy, pdx = dx)
            workers.Kernels.AveragePooling2DBackward(workers, in shape, pdy, pdx, accumulate);
    }
}
