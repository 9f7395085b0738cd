namespace FlatFuse.Kernels.Tests;

/// <summary>Runs the kernel on a <see cref="RecurrentProblem"/>: everything computed, by name.</summary>
internal sealed class RecurrentRun
{
    private readonly Dictionary<string, float[]> _values = [];

    public RecurrentRun(RecurrentProblem p, Workers w, bool sequences = true, bool last = true, float[]? initial = null)
    {
        float[] x = LSTMProblem.Floats(p.X), kernel = LSTMProblem.Floats(p.Kernel), recurrent = LSTMProblem.Floats(p.RecurrentKernel);
        var operands = new RecurrentOperands
        {
            X = x, Kernel = kernel, RecurrentKernel = recurrent, Bias = LSTMProblem.Floats(p.Bias), H0 = LSTMProblem.Floats(p.H0),
            Mask = LSTMProblem.Floats(p.Mask), RecurrentMask = LSTMProblem.Floats(p.RecurrentMask),
        };
        float[] saved = Filled(SavedLength(p));
        Forward(w, p, operands, Add("sequences", sequences ? p.State * p.Steps : 0), Add("lastH", last ? p.State : 0), saved);
        bool accumulate = initial is not null;
        var gradients = new RecurrentGradients
        {
            X = Add("dx", x.Length, initial), Kernel = Add("dKernel", kernel.Length, initial),
            RecurrentKernel = Add("dRecurrentKernel", recurrent.Length, initial), Bias = Add("dBias", p.BiasLength, initial),
            H0 = Add("dH0", p.State, initial), AccumulateX = accumulate, AccumulateKernel = accumulate, AccumulateRecurrentKernel = accumulate,
            AccumulateBias = accumulate, AccumulateH0 = accumulate,
        };
        Backward(w, p, operands, saved, sequences ? LSTMProblem.Floats(p.DSequences) : [], last ? LSTMProblem.Floats(p.DLastH) : [], gradients);
        Forward(w, p, operands, Add("inference sequences", sequences ? p.State * p.Steps : 0), Add("inference lastH", p.State), []);
    }

    public IReadOnlyDictionary<string, float[]> All => _values;

    public float[] this[string name] => _values[name];

    public static int SavedLength(RecurrentProblem p)
        => p.Cell == RecurrentCell.Simple ? SimpleRNNKernel.SavedLength(p.SimpleShape) : GRUKernel.SavedLength(p.GRUShape);

    public static void Forward(Workers w, RecurrentProblem p, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
    {
        if (p.Cell == RecurrentCell.Simple)
            SimpleRNNKernel.Forward(w, p.SimpleShape, operands, sequences, lastH, saved);
        else
            GRUKernel.Forward(w, p.GRUShape, operands, sequences, lastH, saved);
    }

    public static void Backward(
        Workers w, RecurrentProblem p, in RecurrentOperands operands, Span<float> saved, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH,
        in RecurrentGradients gradients)
    {
        if (p.Cell == RecurrentCell.Simple)
            SimpleRNNKernel.Backward(w, p.SimpleShape, operands, saved, dSequences, dLastH, gradients);
        else
            GRUKernel.Backward(w, p.GRUShape, operands, saved, dSequences, dLastH, gradients);
    }

    // NaN where nothing was written, or a pattern to be added to.
    private float[] Add(string name, int length, float[]? pattern = null)
    {
        _values[name] = Filled(length, pattern);
        return _values[name];
    }

    private static float[] Filled(int length, float[]? pattern = null)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = pattern is null ? float.NaN : pattern[i % pattern.Length];
        return values;
    }
}
