namespace FlatFuse.Kernels;

/// <summary>The definition of the convolution and its gradients in plain loops: oracle, baseline, textbook.</summary>
public static class NaiveConv1D
{
    /// <summary><c>y[n, l, f] = act(bias[f] + Σ x[n, l·stride + k·dilation − before, c] · kernel[k, c, f])</c>; steps outside are zero.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="kernel">[K, C, F].</param>
    /// <param name="bias">[F] or empty.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="y">[N, Lout, F].</param>
    public static void Forward(in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y)
    {
        for (int n = 0; n < s.Batch; n++)
        {
            for (int l = 0; l < s.OutputLength; l++)
            {
                for (int f = 0; f < s.Filters; f++)
                {
                    double sum = bias.IsEmpty ? 0 : bias[f];
                    for (int k = 0; k < s.KernelSize; k++)
                    {
                        int step = InputStep(s, l, k);
                        if (step < 0 || step >= s.Length)
                            continue;
                        for (int c = 0; c < s.Channels; c++)
                            sum += (double)x[(((n * s.Length) + step) * s.Channels) + c] * kernel[(((k * s.Channels) + c) * s.Filters) + f];
                    }
                    y[(((n * s.OutputLength) + l) * s.Filters) + f] = (float)NaiveActivation<double>.Value(activation, sum);
                }
            }
        }
    }

    /// <summary><c>dx[n, i, c] = Σ dy[n, l, f] · kernel[k, c, f]</c> over all l, k that read step i.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">[N, Lout, F].</param>
    /// <param name="kernel">[K, C, F].</param>
    /// <param name="dx">[N, L, C].</param>
    /// <param name="accumulate">Adds to dx instead of overwriting it.</param>
    public static void InputGradient(in Conv1DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        double[] sums = new double[s.InputElements];
        for (int n = 0; n < s.Batch; n++)
        {
            for (int l = 0; l < s.OutputLength; l++)
            {
                for (int k = 0; k < s.KernelSize; k++)
                {
                    int step = InputStep(s, l, k);
                    if (step < 0 || step >= s.Length)
                        continue;
                    for (int c = 0; c < s.Channels; c++)
                    {
                        for (int f = 0; f < s.Filters; f++)
                            sums[(((n * s.Length) + step) * s.Channels) + c] += (double)dy[(((n * s.OutputLength) + l) * s.Filters) + f] * kernel[(((k * s.Channels) + c) * s.Filters) + f];
                    }
                }
            }
        }
        Write(sums, dx, accumulate);
    }

    /// <summary><c>dkernel[k, c, f] = Σ x[n, l·stride + k·dilation − before, c] · dy[n, l, f]</c>.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="dy">[N, Lout, F].</param>
    /// <param name="dkernel">[K, C, F].</param>
    /// <param name="accumulate">Adds to dkernel instead of overwriting it.</param>
    public static void WeightGradient(in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        double[] sums = new double[s.KernelElements];
        for (int n = 0; n < s.Batch; n++)
        {
            for (int l = 0; l < s.OutputLength; l++)
            {
                for (int k = 0; k < s.KernelSize; k++)
                {
                    int step = InputStep(s, l, k);
                    if (step < 0 || step >= s.Length)
                        continue;
                    for (int c = 0; c < s.Channels; c++)
                    {
                        for (int f = 0; f < s.Filters; f++)
                            sums[(((k * s.Channels) + c) * s.Filters) + f] += (double)x[(((n * s.Length) + step) * s.Channels) + c] * dy[(((n * s.OutputLength) + l) * s.Filters) + f];
                    }
                }
            }
        }
        Write(sums, dkernel, accumulate);
    }

    private static int InputStep(in Conv1DShape s, int l, int k) => (l * s.Stride) + (k * s.Dilation) - s.PaddingBefore;

    private static void Write(double[] sums, Span<float> destination, bool accumulate)
    {
        for (int i = 0; i < sums.Length; i++)
            destination[i] = (float)(accumulate ? destination[i] + sums[i] : sums[i]);
    }
}
