namespace FlatFuse.Kernels;

/// <summary>Where the tiles find their operands: B in panels of whole vectors, partly read in place, partly from a packed copy; A in place or packed.</summary>
internal unsafe struct GemmPanels
{
    /// <summary>B's element (0, first column); panels below <see cref="FirstPacked"/> are read from here.</summary>
    public float* Direct;

    public nint DirectStride;

    /// <summary>Panel after panel, each [K, columns of its vectors].</summary>
    public float* Packed;

    /// <summary>Floats from one packed panel to the next.</summary>
    public nint PackedPanel;

    public int FirstPacked;

    /// <summary>Columns by which the last panel reaches back into the one before, so that it ends at N with whole vectors: those columns are computed
    /// twice, to the same bits. 0 when the last panel has whole vectors or is padded.</summary>
    public int Overlap;

    /// <summary>The row of B that is row 0 of the packed panels.</summary>
    public int PackedK;

    /// <summary>The row tiles of the current block of A, packed (<see cref="GemmRowPacking{TSimd, TVector}.Columns"/>), or null.</summary>
    public float* PackedA;

    /// <summary>Floats from one packed row tile to the next.</summary>
    public nint PackedTile;
}
