namespace FlatFuse.Kernels;

/// <summary>
/// Where everything lies while an LSTM runs, for one vector width. All of it follows from the shape, so that forward and backward agree.
/// </summary>
/// <remarks>
/// <para>Time comes first: a step's rows are neighbours. A row of <c>inputs</c> is [x | h before the step]: one product with [K; R] makes the
/// pre-activations, and one product of all those rows with the gates' gradients makes the gradients of both kernels.</para>
/// <para>A row of gates is blocked: [block of one vector of units][i, f, g, o][lane]. The last block has only the lanes that there are, so that
/// a row holds exactly 4 units floats and no product has a column too many. States are padded to whole vectors, with zeros.</para>
/// </remarks>
internal readonly struct LSTMLayout
{
    // Rows that one product for the weight gradients sums over: at 128 units and features its operands, its result and the packed
    // weights, 0.5 + 0.25 + 0.5 + 0.5 MB, then stay in a level-2 cache of 2 MB.
    private const int RowsPerTimeBlock = 256;

    // The same where a chunk does that product itself: 0.25 + 0.13 + 0.5 + 0.5 MB leave room for what streams past
    // (backward of 500 steps, 32 rows, two threads: 27.9 ms, with 256 rows 31.0).
    private const int RowsPerChunkBlock = 128;

    // 1 MB: half of a level-2 cache of 2 MB.
    private const int FloatsNearby = 1 << 18;

    // Rows of a chunk, about.
    private const int RowsPerChunk = 16;

    public LSTMLayout(in LSTMShape s, int vectorLength)
    {
        Vector = vectorLength;
        Blocks = (s.Units + vectorLength - 1) / vectorLength;
        PaddedUnits = Blocks * vectorLength;
        Depth = s.Features + s.Units;
        InputStride = Stride(s.Features + PaddedUnits);
        Units = s.Units;
        GateLength = 4 * s.Units;
        GateStride = Stride(GateLength);
        InputStep = checked(s.Batch * InputStride);
        GateStep = checked(s.Batch * GateStride);
        StateStep = AlignedBuffer.RoundUp(checked(s.Batch * PaddedUnits));
        Batch = s.Batch;
        Chunks = Math.Max(1, (s.Batch + (RowsPerChunk / 2)) / RowsPerChunk);
        SplitsWeightGradients = Chunks > 1 && s.Features > 0 && (long)s.Steps * RowsPerChunk >= 2L * Depth;
        int rowsAtOnce = SplitsWeightGradients ? (s.Batch + Chunks - 1) / Chunks : Math.Max(1, s.Batch);
        TimeBlock = Math.Clamp((SplitsWeightGradients ? RowsPerChunkBlock : RowsPerTimeBlock) / rowsAtOnce, 1, Math.Max(1, s.Steps));
        XVectors = (s.Features + vectorLength - 1) / vectorLength;
        IsFar = s.Steps * ((long)InputStep + GateStep + StateStep) > FloatsNearby;
        DotsInput = s.Features > 0 && s.Features <= vectorLength / 4;
    }

    public int Vector { get; }

    public int Batch { get; }

    /// <summary>Vectors of units.</summary>
    public int Blocks { get; }

    public int Units { get; }

    public int PaddedUnits { get; }

    /// <summary>Features and units: the length of a pre-activation's sum.</summary>
    public int Depth { get; }

    public int InputStride { get; }

    /// <summary>Floats in a row of gates: 4 units.</summary>
    public int GateLength { get; }

    public int GateStride { get; }

    public int InputStep { get; }

    public int GateStep { get; }

    public int StateStep { get; }

    /// <summary>Groups of about 16 batch rows; each runs the whole sequence on its own, without meeting the others.</summary>
    public int Chunks { get; }

    /// <summary>Steps of backward between two products for the weight gradients.</summary>
    public int TimeBlock { get; }

    /// <summary>
    /// True where each chunk sums the weight gradients of its own rows, which are added up in the end: a thread then needs nothing of what
    /// another wrote. It takes a copy of those gradients a chunk, so it is for sequences so long that this is little beside the rest. Not where x K was made
    /// beforehand: the length of what is kept is the one with features.
    /// </summary>
    /// <remarks>Inputs and the gates' gradients then stand chunk by chunk, [chunk][step][row], because one product runs over a chunk's rows; else [step][row].</remarks>
    public bool SplitsWeightGradients { get; }

    /// <summary>Sums of weight gradients that are added up in the end.</summary>
    public int WeightSums => SplitsWeightGradients ? Chunks : 1;

    /// <summary>True where what is kept leaves the level-2 cache, so that a step asks beforehand for what the next one reads or overwrites.</summary>
    public bool IsFar { get; }

    /// <summary>Vectors of features.</summary>
    public int XVectors { get; }

    /// <summary>
    /// True where dx is made by dots with rows of K instead of a product with Kᵀ: that computes a whole vector of features, with too few sums in
    /// flight, however few there are.
    /// </summary>
    public bool DotsInput { get; }

    /// <summary>Vectors in a row of gates.</summary>
    public int GateVectors => (GateLength + Vector - 1) / Vector;

    /// <summary>Floats of the packed [K; R] and the bias.</summary>
    public int WeightsLength => checked(BiasOffset + AlignedBuffer.RoundUp(GateVectors * Vector));

    /// <summary>Where the bias stands behind the packed [K; R].</summary>
    public int BiasOffset => checked(AlignedBuffer.RoundUp(Depth * GateVectors * Vector));

    /// <summary>Floats of the packed Kᵀ and Rᵀ. Where dots are taken, the rows of K, padded to whole vectors, are not longer than Kᵀ would be.</summary>
    public int TransposedLength => checked((XVectors + Blocks) * Vector * GateLength);

    /// <summary>Units in a block: a vector's worth, but for the last block.</summary>
    public int Lanes(int block) => Math.Min(Vector, Units - (block * Vector));

    /// <summary>Vectors that the four gates of a block take.</summary>
    public int PanelVectors(int block) => ((4 * Lanes(block)) + Vector - 1) / Vector;

    public int ChunkStart(int chunk) => (int)((long)Batch * chunk / Chunks);

    /// <summary>Where the inputs or gates' gradients of a chunk begin that starts with batch row <paramref name="first"/>, in rows, if <paramref name="steps"/> steps are kept.</summary>
    public nint FirstRow(int first, int steps) => SplitsWeightGradients ? (nint)first * steps : first;

    /// <summary>Rows from one step of those to the next, for a chunk of so many.</summary>
    public int RowsPerStep(int rows) => SplitsWeightGradients ? rows : Batch;

    // Rows a whole number of 1 KB apart would meet in the same few sets of the first-level cache.
    private static int Stride(int floats)
    {
        int aligned = AlignedBuffer.RoundUp(floats);
        return aligned % 256 == 0 ? checked(aligned + AlignedBuffer.AlignmentFloats) : aligned;
    }
}
