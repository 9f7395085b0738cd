namespace FlatFuse.Kernels;

/// <summary>
/// Where everything lies while a cell with one state runs over a sequence, for one vector width. All of it follows from the shape, so that
/// forward and backward agree.
/// </summary>
/// <remarks>
/// <para>Time comes first: a step's rows are neighbours. A row of inputs is [x | h into the product | r·h, if reset before].</para>
/// <para>A row of gates holds one segment of padded units a gate: [a], [a z r] or [a z r n], where a is the candidate's pre-activation
/// and n = h R + b of a GRU that resets after the product. In this order what comes from x, [a z r], is one stretch, and what comes from h, [z r n] or
/// [z r], is one as well: each is one product. The padding's weights are zero, and nothing that lies in it is ever used.</para>
/// </remarks>
internal readonly struct RecurrentLayout
{
    public RecurrentLayout(in RecurrentShape s, int vectorLength)
    {
        Blocks = (s.Units + vectorLength - 1) / vectorLength;
        PaddedUnits = Blocks * vectorLength;
        XVectors = (s.Features + vectorLength - 1) / vectorLength;
        PaddedFeatures = XVectors * vectorLength;
        Gates = s.Gates;
        ResetPlace = s.Features + PaddedUnits;
        InputStride = Stride(checked(ResetPlace + (s.Kind == RecurrentKind.ResetBefore ? PaddedUnits : 0)));
        GateLength = checked((s.Kind == RecurrentKind.ResetAfter ? 4 : s.Gates) * PaddedUnits);
        GateStride = Stride(GateLength);
        InputStep = checked(s.Batch * InputStride);
        GateStep = checked(s.Batch * GateStride);
        StateStep = AlignedBuffer.RoundUp(checked(s.Batch * PaddedUnits));
        Chunks = new RecurrentChunks(s.Batch, s.Steps, s.Features, s.Units, s.Gates);
        PanelVectors = vectorLength == 16 && s.Batch > 6 ? 3 : 4;
        IsFar = CacheHint.IsFar(s.Steps * ((long)GateStep + StateStep));
        KernelLength = AlignedBuffer.RoundUp(checked(s.Features * Gates * PaddedUnits));
        RecurrentLength = AlignedBuffer.RoundUp(checked(s.Units * Gates * PaddedUnits));
        TransposedKernelLength = checked(PaddedFeatures * Gates * PaddedUnits);
        TransposedLength = checked(TransposedKernelLength + (PaddedUnits * Gates * PaddedUnits));
    }

    /// <summary>Vectors of units.</summary>
    public int Blocks { get; }

    public int PaddedUnits { get; }

    /// <summary>Vectors of features.</summary>
    public int XVectors { get; }

    public int PaddedFeatures { get; }

    /// <summary>Segments that come from x.</summary>
    public int Gates { get; }

    /// <summary>Where in a row of inputs r·h begins.</summary>
    public int ResetPlace { get; }

    public int InputStride { get; }

    public int GateLength { get; }

    public int GateStride { get; }

    public int InputStep { get; }

    public int GateStep { get; }

    public int StateStep { get; }

    /// <summary>The batch's cut.</summary>
    public RecurrentChunks Chunks { get; }

    /// <summary>Vectors of a panel of weights: 4 unless there are rows and registers enough for tall tiles of 3.</summary>
    public int PanelVectors { get; }

    /// <summary>True where what is kept leaves the level-2 cache, so that a step asks beforehand for what the next one reads or overwrites.</summary>
    public bool IsFar { get; }

    /// <summary>Floats of the packed K.</summary>
    public int KernelLength { get; }

    /// <summary>Floats of the packed R.</summary>
    public int RecurrentLength { get; }

    public int TransposedKernelLength { get; }

    /// <summary>Floats of the packed Kᵀ and Rᵀ.</summary>
    public int TransposedLength { get; }

    /// <summary>Floats of the packed weights and the bias.</summary>
    public int WeightsLength => checked(KernelLength + RecurrentLength + AlignedBuffer.RoundUp(GateLength));

    /// <summary>Floats in which one thread that sums weight gradients lays out the rows of one product.</summary>
    public int WeightTilesLength => RecurrentWeightTiles.PackedLength(Math.Max(ResetPlace - PaddedUnits, PaddedUnits));

    // Rows a whole number of 1 KB apart would meet in the same few sets of the first-level cache.
    private static int Stride(int floats)
    {
        int aligned = AlignedBuffer.RoundUp(floats);
        return aligned % 256 == 0 ? checked(aligned + AlignedBuffer.AlignmentFloats) : aligned;
    }
}
