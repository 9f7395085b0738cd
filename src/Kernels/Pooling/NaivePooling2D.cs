namespace FlatFuse.Kernels;

/// <summary>The definitions of max and average pooling over two axes in plain loops: oracle of the tests and textbook.</summary>
public static class NaivePooling2D
{
    /// <summary>y[n, i, j, c] = max of the entries of window (i, j) that exist; the first maximum in row-major order wins.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, rows, columns, channels).</param>
    /// <param name="y">Output (batch, output rows, output columns, channels).</param>
    /// <param name="argMax">The position in <paramref name="x"/> of every maximum.</param>
    public static void MaxForward(in Pool2DShape shape, ReadOnlySpan<float> x, Span<float> y, Span<int> argMax)
    {
        for (int output = 0; output < y.Length; output++)
        {
            argMax[output] = -1;
            for (int tap = 0; tap < shape.Rows.WindowSize * shape.Columns.WindowSize; tap++)
            {
                int position = Position(shape, output, tap);
                if (position < 0)
                    continue;
                if (argMax[output] < 0 || x[position] > y[output] || (float.IsNaN(x[position]) && !float.IsNaN(y[output])))
                {
                    y[output] = x[position];
                    argMax[output] = position;
                }
            }
        }
    }

    /// <summary>y[n, i, j, c] = mean of the entries of window (i, j) that exist.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, rows, columns, channels).</param>
    /// <param name="y">Output (batch, output rows, output columns, channels).</param>
    public static void AverageForward(in Pool2DShape shape, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int output = 0; output < y.Length; output++)
        {
            double sum = 0;
            int count = 0;
            for (int tap = 0; tap < shape.Rows.WindowSize * shape.Columns.WindowSize; tap++)
            {
                int position = Position(shape, output, tap);
                if (position < 0)
                    continue;
                sum += x[position];
                count++;
            }
            y[output] = (float)(sum / count);
        }
    }

    /// <summary>dx[n, h, w, c] = Σ dy[n, i, j, c] / entries of window (i, j), over the windows that hold (h, w).</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dy">The gradient of the output (batch, output rows, output columns, channels).</param>
    /// <param name="dx">The gradient of the input (batch, rows, columns, channels).</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    public static void AverageBackward(in Pool2DShape shape, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        double[] sums = new double[dx.Length];
        int taps = shape.Rows.WindowSize * shape.Columns.WindowSize;
        for (int output = 0; output < dy.Length; output++)
        {
            int count = 0;
            for (int tap = 0; tap < taps; tap++)
                count += Position(shape, output, tap) < 0 ? 0 : 1;
            for (int tap = 0; tap < taps; tap++)
            {
                int position = Position(shape, output, tap);
                if (position >= 0)
                    sums[position] += (double)dy[output] / count;
            }
        }
        for (int i = 0; i < sums.Length; i++)
            dx[i] = (float)(accumulate ? dx[i] + sums[i] : sums[i]);
    }

    /// <summary>The place in x of a window's tap, or −1 for padding.</summary>
    private static int Position(in Pool2DShape s, int output, int tap)
    {
        int c = output % s.Channels;
        int j = output / s.Channels % s.Columns.OutputLength;
        int i = output / s.Channels / s.Columns.OutputLength % s.Rows.OutputLength;
        int n = output / s.Channels / s.Columns.OutputLength / s.Rows.OutputLength;
        int row = (i * s.Rows.Stride) + (tap / s.Columns.WindowSize) - s.Rows.PaddingBefore;
        int column = (j * s.Columns.Stride) + (tap % s.Columns.WindowSize) - s.Columns.PaddingBefore;
        bool exists = row >= 0 && row < s.Rows.Length && column >= 0 && column < s.Columns.Length;
        return exists ? (((((n * s.Rows.Length) + row) * s.Columns.Length) + column) * s.Channels) + c : -1;
    }
}
