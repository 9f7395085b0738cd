namespace FlatFuse.Kernels;

/// <summary>The largest entry of every window along the middle axis.</summary>
/// <remarks>Padding counts as −∞. Among equals the first wins; NaN wins over numbers.</remarks>
public static unsafe class MaxPooling1DKernel
{
    /// <summary>y[n, o, c] = max over k of x[n, o · stride − paddingBefore + k, c].</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, length, channels).</param>
    /// <param name="y">Output (batch, output length, channels).</param>
    /// <param name="argMax">For every output the position of its maximum in <paramref name="x"/>, kept for <see cref="Backward"/>; empty when not wanted.</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape.</exception>
    public static void Forward(Workers workers, in Pool1DShape shape, ReadOnlySpan<float> x, Span<float> y, Span<int> argMax)
    {
        const string Name = "MaxPooling1DKernel.Forward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "x", x.Length, shape.InputCount);
        Check.Length(Name, "y", y.Length, shape.OutputCount);
        Check.LengthOrEmpty(Name, "argMax", argMax.Length, shape.OutputCount);
        if (y.IsEmpty)
            return;
        fixed (float* px = x, py = y)
        fixed (int* pa = argMax)
            workers.Kernels.MaxPooling1DForward(workers, in shape, px, py, pa);
    }

    /// <summary>dx[argMax[i]] += dy[i], into cleared memory unless <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dy">The gradient of the output (batch, output length, channels).</param>
    /// <param name="argMax">What <see cref="Forward"/> kept.</param>
    /// <param name="dx">The gradient of the input (batch, length, channels).</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the shape, or a position lies outside its sequence.</exception>
    public static void Backward(Workers workers, in Pool1DShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<int> argMax, Span<float> dx, bool accumulate)
    {
        const string Name = "MaxPooling1DKernel.Backward";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "dy", dy.Length, shape.OutputCount);
        Check.Length(Name, "argMax", argMax.Length, shape.OutputCount);
        Check.Length(Name, "dx", dx.Length, shape.InputCount);
        if (dx.IsEmpty)
            return;
        fixed (float* pdy = dy, pdx = dx)
        fixed (int* pa = argMax)
        {
            if (!(shape.Stride >= shape.PoolSize ? workers.Kernels.MaxPooling1DGather(workers, in shape, pdy, pa, pdx, accumulate) : Scatter(workers, in shape, pdy, pa, pdx, accumulate)))
                Check.Refuse(Name, "argMax holds a position outside its sequence; expected what Forward wrote for the same shape.");
        }
    }

    private static bool Scatter(Workers workers, in Pool1DShape shape, float* dy, int* argMax, float* dx, bool accumulate)
    {
        var job = new MaxPooling1DScatter
        {
            OutputGradient = dy, ArgMax = argMax, InputGradient = dx, Inputs = shape.Length * shape.Channels, Outputs = shape.OutputLength * shape.Channels, Accumulate = accumulate,
        };
        workers.Run(ref job, shape.Batch);
        return job.Failed == 0;
    }
}
