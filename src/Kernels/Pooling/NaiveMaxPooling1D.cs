namespace FlatFuse.Kernels;

/// <summary>The definition of max pooling in plain loops: oracle of the tests and textbook.</summary>
public static class NaiveMaxPooling1D
{
    /// <summary>y[n, o, c] = max over k of x[n, o · stride − paddingBefore + k, c], steps outside the input left out; the first maximum wins.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">Input (batch, length, channels).</param>
    /// <param name="y">Output (batch, output length, channels).</param>
    /// <param name="argMax">The position in <paramref name="x"/> of every maximum.</param>
    public static void Forward(in Pool1DShape shape, ReadOnlySpan<float> x, Span<float> y, Span<int> argMax)
    {
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int o = 0; o < shape.OutputLength; o++)
            {
                for (int c = 0; c < shape.Channels; c++)
                {
                    float best = float.NegativeInfinity;
                    int where = -1;
                    for (int k = 0; k < shape.PoolSize; k++)
                    {
                        int step = (o * shape.Stride) - shape.PaddingBefore + k;
                        if (step < 0 || step >= shape.Length)
                            continue;
                        int position = (((n * shape.Length) + step) * shape.Channels) + c;
                        if (where < 0 || x[position] > best || (float.IsNaN(x[position]) && !float.IsNaN(best)))
                        {
                            best = x[position];
                            where = position;
                        }
                    }
                    int output = (((n * shape.OutputLength) + o) * shape.Channels) + c;
                    y[output] = best;
                    argMax[output] = where;
                }
            }
        }
    }
}
