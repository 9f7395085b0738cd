namespace FlatFuse.Kernels;

/// <summary>
/// Where everything lies while an LSTM runs, for one vector width. All of it follows from the shape, so that forward and backward agree.
/// </summary>
/// <remarks>
/// <para>Time comes first: a step's rows are neighbours. A row of inputs is [x | h before the step]: one product with [K; R] makes the
/// pre-activations, and one product of all those rows with the gates' gradients makes the gradients of both kernels.</para>
/// <para>A row of gates is blocked: [block of one vector of units][i, f, g, o][lane]. The last block has only the lanes that there are, so that
/// a row holds exactly 4 units floats and no product has a column too many. States are padded to whole vectors, with zeros.</para>
/// </remarks>
internal readonly struct LSTMLayout
{
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
        Chunks = new RecurrentChunks(s.Batch, s.Steps, s.Features, s.Units, 4);
        XVectors = (s.Features + vectorLength - 1) / vectorLength;
        IsFar = CacheHint.IsFar(s.Steps * ((long)GateStep + (2 * StateStep)));
        DotsInput = s.Features > 0 && s.Features <= vectorLength / 4;
    }

    public int Vector { get; }

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

    /// <summary>The batch's cut.</summary>
    public RecurrentChunks Chunks { get; }

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

    /// <summary>Floats in which one thread that sums weight gradients lays out the rows of the product.</summary>
    public int WeightTilesLength => RecurrentWeightTiles.PackedLength(Depth);

    /// <summary>Units in a block: a vector's worth, but for the last block.</summary>
    public int Lanes(int block) => Math.Min(Vector, Units - (block * Vector));

    /// <summary>Vectors that the four gates of a block take.</summary>
    public int PanelVectors(int block) => ((4 * Lanes(block)) + Vector - 1) / Vector;

    // Rows a whole number of 1 KB apart would meet in the same few sets of the first-level cache.
    private static int Stride(int floats)
    {
        int aligned = AlignedBuffer.RoundUp(floats);
        return aligned % 256 == 0 ? checked(aligned + AlignedBuffer.AlignmentFloats) : aligned;
    }
}
