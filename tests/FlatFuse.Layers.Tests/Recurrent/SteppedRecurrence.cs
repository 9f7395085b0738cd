namespace FlatFuse.Layers.Tests;

/// <summary>
/// LSTM, GRU and SimpleRNN as their equations stand in the books: one sample, one step and one unit at a time, in double precision, with the factors of
/// recurrent dropout given. Shares no code with the layers.
/// </summary>
/// <param name="kind">LSTM, GRU, GRU before, SimpleRNN.</param>
/// <param name="units">Size of the state.</param>
/// <param name="features">Size of a step.</param>
internal sealed class SteppedRecurrence(string kind, int units, int features)
{
    /// <summary>Kernel, recurrent kernel and bias, row by row.</summary>
    public required double[][] Weights { get; init; }

    private int Gates => kind switch { "LSTM" => 4, "SimpleRNN" => 1, _ => 3 };

    private int Columns => Gates * units;

    /// <summary>Runs one sample.</summary>
    /// <param name="x">(steps, features).</param>
    /// <param name="isReal">One a step.</param>
    /// <param name="state">h, and c of an LSTM; changed in place.</param>
    /// <param name="factors">What recurrent dropout multiplies h with on its way into the products.</param>
    /// <param name="backwards">Whether the last step comes first.</param>
    /// <param name="zeros">Whether padded steps of the sequence give zeros.</param>
    /// <returns>The outputs in the order of processing, one a step.</returns>
    public double[][] Run(double[] x, bool[] isReal, double[][] state, double[] factors, bool backwards, bool zeros)
    {
        int steps = isReal.Length;
        var outputs = new double[steps][];
        double[] previous = new double[units];
        for (int step = 0; step < steps; step++)
        {
            int position = backwards ? steps - 1 - step : step;
            if (isReal[position])
            {
                Advance(x.AsSpan(position * features, features), state, factors);
                previous = [.. state[0]];
            }
            outputs[step] = isReal[position] || !zeros ? previous : new double[units];
        }
        return outputs;
    }

    private void Advance(ReadOnlySpan<double> x, double[][] state, double[] factors)
    {
        double[] h = state[0], next = new double[units], into = [.. h.Zip(factors, (value, factor) => value * factor)];
        for (int u = 0; u < units; u++)
        {
            switch (kind)
            {
                case "SimpleRNN":
                    next[u] = Math.Tanh(FromX(x, u) + FromH(into, u));
                    break;
                case "LSTM":
                    double i = Sigmoid(FromX(x, u) + FromH(into, u)), f = Sigmoid(FromX(x, units + u) + FromH(into, units + u));
                    double candidate = Math.Tanh(FromX(x, 2 * units + u) + FromH(into, 2 * units + u)), o = Sigmoid(FromX(x, 3 * units + u) + FromH(into, 3 * units + u));
                    state[1][u] = f * state[1][u] + i * candidate;
                    next[u] = o * Math.Tanh(state[1][u]);
                    break;
                default:
                    double z = Update(x, into, u);
                    next[u] = z * h[u] + (1 - z) * Candidate(x, into, u);
                    break;
            }
        }
        next.CopyTo(h, 0);
    }

    private double Update(ReadOnlySpan<double> x, double[] into, int u) => Sigmoid(FromX(x, u) + FromH(into, u) + StateBias(u));

    private double ResetGate(ReadOnlySpan<double> x, double[] into, int u) => Sigmoid(FromX(x, units + u) + FromH(into, units + u) + StateBias(units + u));

    private double Candidate(ReadOnlySpan<double> x, double[] into, int u)
    {
        if (kind == "GRU")
            return Math.Tanh(FromX(x, 2 * units + u) + ResetGate(x, into, u) * (FromH(into, 2 * units + u) + StateBias(2 * units + u)));
        var reset = new double[units];
        for (int other = 0; other < units; other++)
            reset[other] = ResetGate(x, into, other) * into[other];
        return Math.Tanh(FromX(x, 2 * units + u) + FromH(reset, 2 * units + u));
    }

    private double FromX(ReadOnlySpan<double> x, int column)
    {
        double sum = Weights[2][column];
        for (int i = 0; i < features; i++)
            sum += x[i] * Weights[0][(i * Columns) + column];
        return sum;
    }

    private double FromH(double[] h, int column)
    {
        double sum = 0;
        for (int i = 0; i < units; i++)
            sum += h[i] * Weights[1][(i * Columns) + column];
        return sum;
    }

    // The second row of a GRU's bias, where the reset gate comes after the product.
    private double StateBias(int column) => kind == "GRU" ? Weights[2][Columns + column] : 0;

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
