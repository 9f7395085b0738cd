namespace FlatFuse.Kernels;

/// <summary>
/// The input's half of an LSTM, x K + b of all steps, as one product with K as it lies; the steps then add h R to it. Backward, one product
/// a destination turns the pre-activations' gradients into those of x and K.
/// </summary>
/// <remarks>
/// Reading K in one tile with R needs it in blocked order: one copy forward, a transposed one backward, and the gradient copied back, each of
/// features · 4 units. The product here writes and reads batch · steps · 4 units instead, which is less where there are more features than
/// rows, as when a flattened image is one step. With up to three rows a step it always pays: a step's own product would only wait for its weights.
/// </remarks>
internal static unsafe class LSTMProjection
{
    private const int FewRows = 3;

    // Working memory that this may take: 64 MB.
    private const long MostFloats = 1 << 24;

    /// <summary>Follows from the shape alone, and from whether there is a mask: what lies in a masked step, NaN included, must have no influence.</summary>
    public static bool IsWorthwhile(in LSTMShape s, in LSTMOperands operands)
    {
        long rows = (long)s.Batch * s.Steps;
        bool few = s.Batch <= FewRows && s.Steps > 1;
        return operands.Mask.IsEmpty && rows > 0 && (few || s.Features >= rows) && rows * 4 * s.Units <= MostFloats;
    }

    /// <summary>Room for (batch, steps, 4 units), until the next request.</summary>
    public static float* Rent(Workers w, in LSTMShape s) => w.Held.Rent(checked(s.Batch * s.Steps * 4 * s.Units));

    /// <summary>x K + b.</summary>
    public static float* Forward(Workers w, in LSTMShape s, in LSTMOperands operands)
    {
        float* projected = Rent(w, s);
        int rows = s.Batch * s.Steps, width = 4 * s.Units;
        Gemm.Multiply(
            w, new GemmShape(rows, width, s.Features), operands.X, operands.Kernel, new Span<float>(projected, rows * width),
            new GemmEpilogue { Bias = operands.Bias });
        return projected;
    }

    /// <summary>dx = dz · Kᵀ and dK = xᵀ · dz, where they are wanted.</summary>
    public static void Backward(Workers w, in LSTMShape s, in LSTMOperands operands, float* dz, in LSTMGradients gradients)
    {
        int rows = s.Batch * s.Steps, width = 4 * s.Units;
        var gates = new ReadOnlySpan<float>(dz, rows * width);
        if (!gradients.X.IsEmpty)
        {
            Gemm.Multiply(
                w, new GemmShape(rows, s.Features, width) { TransposeB = true }, gates, operands.Kernel, gradients.X,
                new GemmEpilogue { Accumulate = gradients.AccumulateX });
        }
        if (!gradients.Kernel.IsEmpty)
        {
            Gemm.Multiply(
                w, new GemmShape(s.Features, width, rows) { TransposeA = true }, operands.X, gates, gradients.Kernel,
                new GemmEpilogue { Accumulate = gradients.AccumulateKernel });
        }
    }
}
