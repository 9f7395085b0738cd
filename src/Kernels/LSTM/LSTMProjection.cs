namespace FlatFuse.Kernels;

/// <summary>
/// The input's half of an LSTM, x K + b of all steps, as one product with K as it lies; the steps then add h R to it. Backward, one product
/// a destination turns the pre-activations' gradients into those of x and K.
/// </summary>
/// <remarks>
/// Reading K in one tile with R needs it in blocked order: one copy forward, a transposed one backward, and the gradient copied back, each of
/// features · 4 units. The product here writes and reads batch · steps · 4 units instead. It pays
/// <list type="bullet">
/// <item>with up to three rows a step: a step's own product would only wait for its weights;</item>
/// <item>with more features than rows, as when a flattened image is one step: what it writes is less than those copies;</item>
/// <item>where [K; R] is more than stays in L2, so that each step would fetch it anew for each 16 rows (32 rows of 256 features and units: 1.14 times as fast
/// forward, 1.16 with backward; 1.13 and 1.17 on two threads), but not for a few features, of which the product gains less than the way through memory costs;</item>
/// <item>with four times as many features as units, where what it writes stays in L2: half of the work and more then runs at the speed of a tall product, whose
/// tiles have more sums for an operand than one of few rows and four gates (1.05 to 1.2 times as fast).</item>
/// </list>
/// </remarks>
internal static unsafe class LSTMProjection
{
    private const int FewRows = 3;

    // Features from which the second half of those rules holds.
    private const int ManyFeatures = 96;

    // Floats of [K; R], 1.2 MB, that a level-2 cache of 2 MB keeps beside what streams past.
    private const long WeightsNearby = 300_000;

    // Floats of x K + b, 2 MB, that are mostly still there when their step comes.
    private const long ProjectedNearby = 1 << 19;

    // Working memory that this may take: 64 MB.
    private const long MostFloats = 1 << 24;

    /// <summary>Follows from the shape alone, and from whether there is a mask: what lies in a masked step, NaN included, must have no influence.</summary>
    public static bool IsWorthwhile(in LSTMShape s, in LSTMOperands operands)
    {
        long rows = (long)s.Batch * s.Steps, length = rows * 4 * s.Units;
        bool few = s.Batch <= FewRows && s.Steps > 1;
        bool far = (s.Features + (long)s.Units) * 4 * s.Units > WeightsNearby;
        bool broad = s.Features / 4 >= s.Units && length <= ProjectedNearby;
        return operands.Mask.IsEmpty && rows > 0 && length <= MostFloats && (few || s.Features >= rows || (s.Features >= ManyFeatures && (far || broad)));
    }

    /// <summary>Where the gradient of the step before lies, from a step's own on, to be asked for; 0 if all of it stays near.</summary>
    public static nint ToBefore(in LSTMShape s)
        => !CacheHint.IsFar((long)s.Batch * s.Steps * 4 * s.Units) ? 0 : s.GoBackwards ? 4 * s.Units : -4 * s.Units;

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
