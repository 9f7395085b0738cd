namespace FlatFuse.Kernels;

/// <summary>The definition of the two-dimensional convolution and its gradients in plain loops: oracle, baseline, textbook.</summary>
public static class NaiveConv2D
{
    /// <summary>
    /// <c>y[n, i, j, f] = act(bias[f] + Σ x[n, i·sh + a·dh − above, j·sw + b·dw − left, c] · kernel[a, b, c, f])</c>; entries outside are zero.
    /// </summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="kernel">[KH, KW, C, F].</param>
    /// <param name="bias">[F] or empty.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="y">[N, Hout, Wout, F].</param>
    public static void Forward(in Conv2DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y)
    {
        for (int position = 0; position < s.Batch * s.Rows.OutputLength * s.Columns.OutputLength; position++)
        {
            for (int f = 0; f < s.Filters; f++)
            {
                double sum = bias.IsEmpty ? 0 : bias[f];
                for (int tap = 0; tap < s.Taps; tap++)
                {
                    int entry = InputEntry(s, position, tap);
                    if (entry < 0)
                        continue;
                    for (int c = 0; c < s.Channels; c++)
                        sum += (double)x[(entry * s.Channels) + c] * kernel[(((tap * s.Channels) + c) * s.Filters) + f];
                }
                y[(position * s.Filters) + f] = (float)NaiveActivation<double>.Value(activation, sum);
            }
        }
    }

    /// <summary><c>dx[n, h, w, c] = Σ dy[n, i, j, f] · kernel[a, b, c, f]</c> over every window and tap that reads entry (h, w).</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">[N, Hout, Wout, F].</param>
    /// <param name="kernel">[KH, KW, C, F].</param>
    /// <param name="dx">[N, H, W, C].</param>
    /// <param name="accumulate">Adds to dx instead of overwriting it.</param>
    public static void InputGradient(in Conv2DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        double[] sums = new double[s.InputElements];
        for (int position = 0; position < s.Batch * s.Rows.OutputLength * s.Columns.OutputLength; position++)
        {
            for (int tap = 0; tap < s.Taps; tap++)
            {
                int entry = InputEntry(s, position, tap);
                if (entry < 0)
                    continue;
                for (int c = 0; c < s.Channels; c++)
                {
                    for (int f = 0; f < s.Filters; f++)
                        sums[(entry * s.Channels) + c] += (double)dy[(position * s.Filters) + f] * kernel[(((tap * s.Channels) + c) * s.Filters) + f];
                }
            }
        }
        Write(sums, dx, accumulate);
    }

    /// <summary><c>dkernel[a, b, c, f] = Σ x[n, i·sh + a·dh − above, j·sw + b·dw − left, c] · dy[n, i, j, f]</c>.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, Hout, Wout, F].</param>
    /// <param name="dkernel">[KH, KW, C, F].</param>
    /// <param name="accumulate">Adds to dkernel instead of overwriting it.</param>
    public static void WeightGradient(in Conv2DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        double[] sums = new double[s.KernelElements];
        for (int position = 0; position < s.Batch * s.Rows.OutputLength * s.Columns.OutputLength; position++)
        {
            for (int tap = 0; tap < s.Taps; tap++)
            {
                int entry = InputEntry(s, position, tap);
                if (entry < 0)
                    continue;
                for (int c = 0; c < s.Channels; c++)
                {
                    for (int f = 0; f < s.Filters; f++)
                        sums[(((tap * s.Channels) + c) * s.Filters) + f] += (double)x[(entry * s.Channels) + c] * dy[(position * s.Filters) + f];
                }
            }
        }
        Write(sums, dkernel, accumulate);
    }

    /// <summary>The number of the input entry that output position n·Hout·Wout + i·Wout + j reads at a tap, or −1 for padding.</summary>
    private static int InputEntry(in Conv2DShape s, int position, int tap)
    {
        int j = position % s.Columns.OutputLength;
        int i = position / s.Columns.OutputLength % s.Rows.OutputLength;
        int n = position / s.Columns.OutputLength / s.Rows.OutputLength;
        int row = (i * s.Rows.Stride) + (tap / s.Columns.WindowSize * s.Rows.Dilation) - s.Rows.PaddingBefore;
        int column = (j * s.Columns.Stride) + (tap % s.Columns.WindowSize * s.Columns.Dilation) - s.Columns.PaddingBefore;
        bool exists = row >= 0 && row < s.Rows.Length && column >= 0 && column < s.Columns.Length;
        return exists ? (((n * s.Rows.Length) + row) * s.Columns.Length) + column : -1;
    }

    private static void Write(double[] sums, Span<float> destination, bool accumulate)
    {
        for (int i = 0; i < sums.Length; i++)
            destination[i] = (float)(accumulate ? destination[i] + sums[i] : sums[i]);
    }
}
