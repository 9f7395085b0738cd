namespace FlatFuse.Kernels.Tests;

/// <summary>Operands, output gradients and naive results of one LSTM, in double beside the floats given to the kernel.</summary>
internal sealed class LSTMProblem
{
    public LSTMProblem(LSTMShape shape, bool bias = true, bool states = false, bool mask = false, uint seed = 1, double scale = 1)
    {
        Shape = shape;
        int units = shape.Units;
        X = Values(shape.Batch * shape.Steps * shape.Features, seed + 1, scale);
        Kernel = Values(shape.Features * 4 * units, seed + 2, scale / Math.Sqrt(shape.Features));
        RecurrentKernel = Values(units * 4 * units, seed + 3, scale / Math.Sqrt(units));
        Bias = bias ? Values(4 * units, seed + 4, scale) : [];
        H0 = states ? Values(shape.Batch * units, seed + 5, scale) : [];
        C0 = states ? Values(shape.Batch * units, seed + 6, scale) : [];
        Mask = mask ? MaskValues(shape.Batch * shape.Steps, seed + 7) : [];
        DSequences = Values(shape.Batch * shape.Steps * units, seed + 8, 1);
        DLastH = Values(shape.Batch * units, seed + 9, 1);
        DLastC = Values(shape.Batch * units, seed + 10, 1);
    }

    public LSTMShape Shape { get; }

    public double[] X { get; init; }

    public double[] Kernel { get; init; }

    public double[] RecurrentKernel { get; init; }

    public double[] Bias { get; init; }

    public double[] H0 { get; init; }

    public double[] C0 { get; init; }

    public double[] Mask { get; init; }

    public double[] DSequences { get; init; }

    public double[] DLastH { get; init; }

    public double[] DLastC { get; init; }

    public NaiveLSTMOperands<double> NaiveOperands => new()
    {
        X = X, Kernel = Kernel, RecurrentKernel = RecurrentKernel, Bias = Bias, H0 = H0, C0 = C0, Mask = Mask,
    };

    /// <summary>The definition's outputs and gradients.</summary>
    public LSTMResult Naive(bool sequencesWanted = true, bool lastWanted = true)
    {
        int state = Shape.Batch * Shape.Units;
        var sequences = new double[state * Shape.Steps];
        var lastH = new double[state];
        var lastC = new double[state];
        NaiveLSTM<double>.Forward(Shape, NaiveOperands, sequences, lastH, lastC);
        var result = new LSTMResult(sequences, lastH, lastC, new double[X.Length], new double[Kernel.Length],
            new double[RecurrentKernel.Length], new double[4 * Shape.Units], new double[state], new double[state]);
        NaiveLSTM<double>.Backward(Shape, NaiveOperands, sequencesWanted ? DSequences : [], lastWanted ? DLastH : [], lastWanted ? DLastC : [], new NaiveLSTMGradients<double>
        {
            X = result.DX, Kernel = result.DKernel, RecurrentKernel = result.DRecurrentKernel, Bias = result.DBias,
            H0 = result.DH0, C0 = result.DC0,
        });
        return result;
    }

    /// <summary>The loss whose gradients <see cref="Naive"/> holds.</summary>
    public double Loss()
    {
        LSTMResult result = Naive();
        return Dot(result.Sequences, DSequences) + Dot(result.LastH, DLastH) + Dot(result.LastC, DLastC);
    }

    /// <summary>Numbers in [−scale, scale) that are exact floats, from a counter: element i depends on i and the seed alone.</summary>
    public static double[] Values(int count, uint seed, double scale)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(scale * ((Hash((uint)i, seed) >> 8) / 8388608.0 - 1));
        return values;
    }

    public static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static double[] MaskValues(int count, uint seed)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = Hash((uint)i, seed) % 3 == 0 ? 0 : 1;
        return values;
    }

    private static uint Hash(uint i, uint seed)
    {
        uint h = (i * 2654435761u) + (seed * 40503u);
        h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
        h = (h ^ (h >> 13)) * 0xC2B2AE35u;
        return h ^ (h >> 16);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}

/// <summary>Outputs and gradients of one LSTM.</summary>
internal sealed record LSTMResult(
    double[] Sequences, double[] LastH, double[] LastC, double[] DX, double[] DKernel, double[] DRecurrentKernel, double[] DBias,
    double[] DH0, double[] DC0);
