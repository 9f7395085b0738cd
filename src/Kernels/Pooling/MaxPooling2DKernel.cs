namespace FlatFuse.Kernels;

/// <summary>The largest entry of every window over two axes; sequences are images of one row.</summary>
/// <remarks>Padding counts as −∞. Among equals the first in row-major order wins; NaN wins over numbers.</remarks>
public static unsafe class MaxPooling2DKernel
{
    /// <summary>y[n, i, j, c] = max of the x[n, h, w, c] in window (i, j).</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, rows, columns, channels).</param>
    /// <param name="y">Output (batch, output rows, output columns, channels).</param>
    /// <param name="argMax">For every output the position of its maximum in <paramref name="x"/>, kept for <see cref="Backward"/>; empty when not wanted.</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape.</exception>
    public static void Forward(Workers workers, in Pool2DShape shape, ReadOnlySpan<float> x, Span<float> y, Span<int> argMax)
    {
        const string Name = "MaxPooling2DKernel.Forward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "x", x.Length, shape.InputCount);
        Check.Length(Name, "y", y.Length, shape.OutputCount);
        Check.LengthOrEmpty(Name, "argMax", argMax.Length, shape.OutputCount);
        if (y.IsEmpty)
            return;
        fixed (float* px = x, py = y)
        fixed (int* pa = argMax)
            workers.Kernels.MaxPooling2DForward(workers, in shape, px, py, pa);
    }

    /// <summary>dx[argMax[i]] += dy[i], into cleared memory unless <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dy">The gradient of the output (batch, output rows, output columns, channels).</param>
    /// <param name="argMax">What <see cref="Forward"/> kept.</param>
    /// <param name="dx">The gradient of the input (batch, rows, columns, channels).</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape, or a position lies outside its image.</exception>
    public static void Backward(Workers workers, in Pool2DShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<int> argMax, Span<float> dx, bool accumulate)
    {
        const string Name = "MaxPooling2DKernel.Backward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "dy", dy.Length, shape.OutputCount);
        Check.Length(Name, "argMax", argMax.Length, shape.OutputCount);
        Check.Length(Name, "dx", dx.Length, shape.InputCount);
        if (dx.IsEmpty)
            return;
        fixed (float* pdy = dy, pdx = dx)
        fixed (int* pa = argMax)
        {
            if (!workers.Kernels.MaxPooling2DBackward(workers, in shape, pdy, pa, pdx, accumulate))
                Check.Refuse(Name, "argMax holds a position outside its image; expected what Forward wrote for the same shape.");
        }
    }
}
