namespace FlatFuse.Kernels;

/// <summary>How a tile ends.</summary>
[Flags]
internal enum GemmStore
{
    /// <summary>C is overwritten by the sums.</summary>
    Plain = 0,

    /// <summary>What C holds is added: accumulation, and every K block but the first.</summary>
    Add = 1,

    /// <summary>The bias is added.</summary>
    Bias = 2,

    /// <summary>Negative values become zero.</summary>
    ReLU = 4,

    /// <summary>The tile's last vector has fewer than a vector's columns.</summary>
    Partial = 8,

    /// <summary>The sums are multiplied by <see cref="GemmTileCall.Alpha"/> before anything is added, and what C holds by <see cref="GemmTileCall.Beta"/>.</summary>
    Scale = 16,
}

/// <summary>The operands of one tile. A struct and not an argument list, because only two pointers change from tile to tile.</summary>
/// <remarks>
/// The ending is a run-time flag and not a type argument: it is asked three times a tile, which costs nothing beside the
/// sums, and each type argument would double the methods that the JIT compiles before the first product is done.
/// </remarks>
internal unsafe struct GemmTileCall
{
    /// <summary>First element of the tile's rows of A.</summary>
    public float* A;

    public nint RowStrideA;
    public nint ColumnStrideA;

    /// <summary>First vector of the tile's panel of B: whole vectors, readable to the tile's full width.</summary>
    public float* B;

    public nint RowStrideB;

    public float* C;
    public nint RowStrideC;

    /// <summary>The bias of the tile's first column.</summary>
    public float* Bias;

    /// <summary>Length of the sums, at least 1.</summary>
    public nint K;

    public GemmStore Store;

    /// <summary>The factor of the sums, with <see cref="GemmStore.Scale"/>.</summary>
    public float Alpha;

    /// <summary>The factor of what C holds, with <see cref="GemmStore.Scale"/>.</summary>
    public float Beta;

    /// <summary>Columns of the last vector when <see cref="GemmStore.Partial"/>.</summary>
    public int LastCount;

    /// <summary>Room for a whole tile: 9 rows of 4 vectors.</summary>
    public float* Spill;

    /// <summary>Where a packing tile lays its panel of B down.</summary>
    public float* Packed;

    /// <summary>What a fetching tile asks for: a line for each of its vectors, every <see cref="FetchEvery"/> terms of the sum.</summary>
    public float* Fetch;

    /// <summary>Floats from one stretch asked for to the next.</summary>
    public nint FetchStep;

    public int FetchEvery;
}
