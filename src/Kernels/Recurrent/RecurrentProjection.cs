namespace FlatFuse.Kernels;

/// <summary>
/// The input's half of a recurrence, x K of all steps, as one product with K as it lies; the steps then add h R to it. Backward, one product
/// a destination turns the pre-activations' gradients into those of x and K.
/// </summary>
/// <remarks>
/// Reading K in one tile with R needs it in blocked order: one copy forward, a transposed one backward, and the gradient copied back, each of
/// features · gates · units. The product here writes and reads batch · steps · gates · units instead. It pays
/// <list type="bullet">
/// <item>with up to three rows a step: a step's own product would only wait for its weights;</item>
/// <item>with more features than rows, as when a flattened image is one step: what it writes is less than those copies;</item>
/// <item>where [K; R] is more than stays in L2, so that each step would fetch it anew for each 16 rows (an LSTM over 32 rows of 256 features and units: 1.14 times as fast
/// forward, 1.16 with backward; 1.13 and 1.17 on two threads), but not for a few features, of which the product gains less than the way through memory costs;</item>
/// <item>with as many features as columns of K, where what it writes stays in L2: most of the work then runs at the speed of a tall product, whose
/// tiles have more sums for an operand than those of few rows (1.05 to 1.2 times as fast).</item>
/// </list>
/// </remarks>
internal readonly unsafe struct RecurrentProjection
{
    private const int FewRows = 3;

    // Features from which the second half of those rules holds.
    private const int ManyFeatures = 96;

    // Floats of [K; R], 1.2 MB, that a level-2 cache of 2 MB keeps beside what streams past.
    private const long WeightsNearby = 300_000;

    // Floats of x K, 2 MB, that are mostly still there when their step comes.
    private const long ProjectedNearby = 1 << 19;

    // Working memory that this may take: 64 MB.
    private const long MostFloats = 1 << 24;

    private readonly int _rows;
    private readonly int _features;
    private readonly int _width;

    private RecurrentProjection(int batch, int steps, int features, int units, int width, bool goBackwards)
    {
        long rows = (long)batch * steps, length = rows * width;
        bool few = batch <= FewRows && steps > 1;
        bool far = (features + (long)units) * width > WeightsNearby;
        bool broad = features >= width && length <= ProjectedNearby;
        IsWorthwhile = rows > 0 && length <= MostFloats && (few || features >= rows || (features >= ManyFeatures && (far || broad)));
        ToBefore = !CacheHint.IsFar(length) ? 0 : goBackwards ? width : -width;
        _rows = (int)rows;
        _features = features;
        _width = width;
    }

    /// <summary>Follows from the shape alone. Backward there must be no mask besides: what lies in a masked step, NaN included, must have no influence on K's gradient.</summary>
    public bool IsWorthwhile { get; }

    /// <summary>Where the gradient of the step before lies, from a step's own on, to be asked for; 0 if all of it stays near.</summary>
    public nint ToBefore { get; }

    public static RecurrentProjection Of(in LSTMShape s) => new(s.Batch, s.Steps, s.Features, s.Units, 4 * s.Units, s.GoBackwards);

    public static RecurrentProjection Of(in RecurrentShape s) => new(s.Batch, s.Steps, s.Features, s.Units, s.Gates * s.Units, s.GoBackwards);

    /// <summary>Room for (batch, steps, gates · units), until the next request.</summary>
    public float* Rent(Workers w) => w.Held.Rent(_rows * _width);

    /// <summary>x K, and the bias unless that is empty.</summary>
    public float* Forward(Workers w, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias)
    {
        float* projected = Rent(w);
        Gemm.Multiply(
            w, new GemmShape(_rows, _width, _features), x, kernel, new Span<float>(projected, _rows * _width), new GemmEpilogue { Bias = bias });
        return projected;
    }

    /// <summary>dx = dz · Kᵀ and dK = xᵀ · dz, where they are wanted.</summary>
    public void Backward(
        Workers w, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, float* dz, Span<float> dx, bool accumulateX, Span<float> dKernel, bool accumulateKernel)
    {
        var gates = new ReadOnlySpan<float>(dz, _rows * _width);
        if (!dx.IsEmpty)
            Gemm.Multiply(w, new GemmShape(_rows, _features, _width) { TransposeB = true }, gates, kernel, dx, new GemmEpilogue { Accumulate = accumulateX });
        if (!dKernel.IsEmpty)
            Gemm.Multiply(w, new GemmShape(_features, _width, _rows) { TransposeA = true }, x, gates, dKernel, new GemmEpilogue { Accumulate = accumulateKernel });
    }
}
