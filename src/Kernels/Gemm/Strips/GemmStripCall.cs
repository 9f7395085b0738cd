namespace FlatFuse.Kernels;

/// <summary>The operands of a strip of tiles; those that move from tile to tile the strip moves.</summary>
internal unsafe struct GemmStripCall
{
    /// <summary>A's element (first row, first k) of the tile.</summary>
    public float* A;

    public nint RowStrideA, ColumnStrideA;

    /// <summary>B's element (first k, first column) of the tile.</summary>
    public float* B;

    public nint RowStrideB;

    public float* C;
    public nint RowStrideC;

    /// <summary>What the sums begin with: the bias of the tile's first column, or zeros.</summary>
    public float* Bias;

    /// <summary>Length of the sums, at least 1.</summary>
    public nint K;

    /// <summary>Floats from the tile's first column to that of its last vector.</summary>
    public nint Last;

    /// <summary><see cref="GemmStore.Add"/> and <see cref="GemmStore.ReLU"/>.</summary>
    public GemmStore Store;

    /// <summary>Tiles, at least 1.</summary>
    public nint Tiles;

    /// <summary>Floats from a tile to the next.</summary>
    public nint StepA, StepB, StepC, StepBias;
}
