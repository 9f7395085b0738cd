namespace FlatFuse.Kernels;

/// <summary>The largest tiles of weight gradients, and the room that they take packed.</summary>
internal static class RecurrentWeightTiles
{
    /// <summary>Rows of a tile: with 2 vectors 28 accumulators in 32 registers.</summary>
    public const int Rows = 14;

    /// <summary>Terms of a sum that all tiles of a panel take before the next ones: with 4 vectors 32 KB of gradients stay in the first-level cache.</summary>
    public const int Terms = 128;

    /// <summary>Floats from one packed tile to the next: whole vectors are stored, so up to a vector is written beyond the last element.</summary>
    public const int Length = (Rows * Terms) + AlignedBuffer.AlignmentFloats;

    /// <summary>Floats of the tiles of so many rows.</summary>
    public static int PackedLength(int rows) => checked((rows + Rows - 1) / Rows * Length);
}
