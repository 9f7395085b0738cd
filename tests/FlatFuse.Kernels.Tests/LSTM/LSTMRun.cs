namespace FlatFuse.Kernels.Tests;

/// <summary>Runs the kernel on an <see cref="LSTMProblem"/>.</summary>
internal sealed class LSTMRun
{
    public LSTMRun(LSTMProblem problem, Workers w, bool sequences = true, bool last = true, float[]? initial = null)
    {
        LSTMShape s = problem.Shape;
        int state = s.Batch * s.Units;
        Sequences = Filled(sequences ? state * s.Steps : 0);
        LastH = Filled(last ? state : 0);
        LastC = Filled(last ? state : 0);
        var operands = new Operands(problem);
        float[] saved = Filled(LSTMKernel.SavedLength(s));
        LSTMKernel.Forward(w, s, operands.Value, Sequences, LastH, LastC, saved);
        bool accumulate = initial is not null;
        DX = Filled(operands.X.Length, initial);
        DKernel = Filled(operands.Kernel.Length, initial);
        DRecurrentKernel = Filled(operands.RecurrentKernel.Length, initial);
        DBias = Filled(4 * s.Units, initial);
        DH0 = Filled(state, initial);
        DC0 = Filled(state, initial);
        LSTMKernel.Backward(
            w, s, operands.Value, saved, sequences ? LSTMProblem.Floats(problem.DSequences) : [], last ? LSTMProblem.Floats(problem.DLastH) : [],
            last ? LSTMProblem.Floats(problem.DLastC) : [], new LSTMGradients
            {
                X = DX, Kernel = DKernel, RecurrentKernel = DRecurrentKernel, Bias = DBias, H0 = DH0, C0 = DC0, AccumulateX = accumulate,
                AccumulateKernel = accumulate, AccumulateRecurrentKernel = accumulate, AccumulateBias = accumulate, AccumulateH0 = accumulate,
                AccumulateC0 = accumulate,
            });
        InferenceSequences = Filled(Sequences.Length);
        InferenceLastH = Filled(state);
        InferenceLastC = Filled(state);
        LSTMKernel.Forward(w, s, operands.Value, InferenceSequences, InferenceLastH, InferenceLastC, []);
    }

    public float[] Sequences { get; }

    public float[] LastH { get; }

    public float[] LastC { get; }

    public float[] DX { get; }

    public float[] DKernel { get; }

    public float[] DRecurrentKernel { get; }

    public float[] DBias { get; }

    public float[] DH0 { get; }

    public float[] DC0 { get; }

    public float[] InferenceSequences { get; }

    public float[] InferenceLastH { get; }

    public float[] InferenceLastC { get; }

    /// <summary>Everything computed, by name.</summary>
    public IEnumerable<(string Name, float[] Values)> All =>
    [
        ("sequences", Sequences), ("lastH", LastH), ("lastC", LastC), ("dx", DX), ("dKernel", DKernel), ("dRecurrentKernel", DRecurrentKernel),
        ("dBias", DBias), ("dH0", DH0), ("dC0", DC0), ("inference sequences", InferenceSequences), ("inference lastH", InferenceLastH),
        ("inference lastC", InferenceLastC),
    ];

    // NaN where nothing was written, or a pattern to be added to.
    private static float[] Filled(int length, float[]? pattern = null)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = pattern is null ? float.NaN : pattern[i % pattern.Length];
        return values;
    }

    /// <summary>The float copies of a problem's operands.</summary>
    internal sealed class Operands(LSTMProblem problem)
    {
        public float[] X { get; } = LSTMProblem.Floats(problem.X);

        public float[] Kernel { get; } = LSTMProblem.Floats(problem.Kernel);

        public float[] RecurrentKernel { get; } = LSTMProblem.Floats(problem.RecurrentKernel);

        public float[] Bias { get; } = LSTMProblem.Floats(problem.Bias);

        public float[] H0 { get; } = LSTMProblem.Floats(problem.H0);

        public float[] C0 { get; } = LSTMProblem.Floats(problem.C0);

        public float[] Mask { get; } = LSTMProblem.Floats(problem.Mask);

        public LSTMOperands Value => new()
        {
            X = X, Kernel = Kernel, RecurrentKernel = RecurrentKernel, Bias = Bias, H0 = H0, C0 = C0, Mask = Mask,
        };
    }
}
