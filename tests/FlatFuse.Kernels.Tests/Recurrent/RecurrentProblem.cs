namespace FlatFuse.Kernels.Tests;

/// <summary>The cells that share the recurrent frame.</summary>
public enum RecurrentCell
{
    Simple,
    GRUAfter,
    GRUBefore,
}

/// <summary>Operands, output gradients and naive results of one layer with one state, in double beside the floats given to the kernel.</summary>
internal sealed class RecurrentProblem
{
    public RecurrentProblem(
        RecurrentCell cell, int batch, int steps, int features, int units, bool bias = true, bool state = false, bool mask = false,
        bool recurrentMask = false, uint seed = 1, double scale = 1)
    {
        (Cell, Batch, Steps, Features, Units) = (cell, batch, steps, features, units);
        int columns = (cell == RecurrentCell.Simple ? 1 : 3) * units;
        X = LSTMProblem.Values(batch * steps * features, seed + 1, scale);
        Kernel = LSTMProblem.Values(features * columns, seed + 2, scale / Math.Sqrt(features));
        RecurrentKernel = LSTMProblem.Values(units * columns, seed + 3, scale / Math.Sqrt(units));
        BiasLength = (cell == RecurrentCell.GRUAfter ? 2 : 1) * columns;
        Bias = bias ? LSTMProblem.Values(BiasLength, seed + 4, scale) : [];
        H0 = state ? LSTMProblem.Values(batch * units, seed + 5, scale) : [];
        Mask = mask ? Array.ConvertAll(LSTMProblem.Values(batch * steps, seed + 7, 1), value => value < -0.3 ? 0.0 : 1.0) : [];
        RecurrentMask = recurrentMask ? Array.ConvertAll(LSTMProblem.Values(batch * units, seed + 11, 1), value => value < 0 ? 0.0 : 1.5) : [];
        DSequences = LSTMProblem.Values(batch * steps * units, seed + 8, 1);
        DLastH = LSTMProblem.Values(batch * units, seed + 9, 1);
    }

    public RecurrentCell Cell { get; }

    public int Batch { get; }

    public int Steps { get; }

    public int Features { get; }

    public int Units { get; }

    public int BiasLength { get; }

    public bool GoBackwards { get; init; }

    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    public ActivationKind Gate { get; init; } = ActivationKind.Sigmoid;

    public double[] X { get; init; }

    public double[] Kernel { get; init; }

    public double[] RecurrentKernel { get; init; }

    public double[] Bias { get; init; }

    public double[] H0 { get; init; }

    public double[] Mask { get; init; }

    public double[] RecurrentMask { get; init; }

    public double[] DSequences { get; init; }

    public double[] DLastH { get; init; }

    public int State => Batch * Units;

    public SimpleRNNShape SimpleShape => new(Batch, Steps, Features, Units) { GoBackwards = GoBackwards, Activation = Activation };

    public GRUShape GRUShape => new(Batch, Steps, Features, Units)
    {
        ResetAfter = Cell == RecurrentCell.GRUAfter, GoBackwards = GoBackwards, Activation = Activation, RecurrentActivation = Gate,
    };

    /// <summary>The definition's outputs and gradients, by name.</summary>
    public Dictionary<string, double[]> Naive(bool sequencesWanted = true, bool lastWanted = true)
    {
        var operands = new NaiveRecurrentOperands<double>
        {
            X = X, Kernel = Kernel, RecurrentKernel = RecurrentKernel, Bias = Bias, H0 = H0, Mask = Mask, RecurrentMask = RecurrentMask,
        };
        var result = new Dictionary<string, double[]>
        {
            ["sequences"] = new double[State * Steps], ["lastH"] = new double[State], ["dx"] = new double[X.Length],
            ["dKernel"] = new double[Kernel.Length], ["dRecurrentKernel"] = new double[RecurrentKernel.Length],
            ["dBias"] = new double[BiasLength], ["dH0"] = new double[State],
        };
        var gradients = new NaiveRecurrentGradients<double>
        {
            X = result["dx"], Kernel = result["dKernel"], RecurrentKernel = result["dRecurrentKernel"], Bias = result["dBias"], H0 = result["dH0"],
        };
        double[] dSequences = sequencesWanted ? DSequences : [];
        double[] dLastH = lastWanted ? DLastH : [];
        if (Cell == RecurrentCell.Simple)
        {
            NaiveSimpleRNN<double>.Forward(SimpleShape, operands, result["sequences"], result["lastH"]);
            NaiveSimpleRNN<double>.Backward(SimpleShape, operands, dSequences, dLastH, gradients);
        }
        else
        {
            NaiveGRU<double>.Forward(GRUShape, operands, result["sequences"], result["lastH"]);
            NaiveGRU<double>.Backward(GRUShape, operands, dSequences, dLastH, gradients);
        }
        return result;
    }

    /// <summary>The loss whose gradients <see cref="Naive"/> holds.</summary>
    public double Loss()
    {
        Dictionary<string, double[]> result = Naive();
        double sum = 0;
        for (int i = 0; i < DSequences.Length; i++)
            sum += result["sequences"][i] * DSequences[i];
        for (int i = 0; i < DLastH.Length; i++)
            sum += result["lastH"][i] * DLastH[i];
        return sum;
    }
}
