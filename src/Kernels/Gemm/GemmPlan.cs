namespace FlatFuse.Kernels;

/// <summary>
/// Block sizes of one product. Everything here follows from the sizes and the kernel set, nothing from the number of threads.
/// </summary>
internal readonly struct GemmPlan
{
    // KC · 2 vectors of a packed panel (32 KB at 512 bits) stream from L2 while a tile's rows of A stay in L1; measured: 384 and 512 are slower.
    private const int TargetK = 256;

    // KC · NC · 4 bytes = 1 MB: half of a 2 MB L2, shared with the rows of A and C that pass by.
    private const int TargetN = 1024;

    // Below, the copy of B costs more than its reuse returns.
    private const int PackingRows = 160;

    /// <summary>Multiply-adds worth handing to another thread.</summary>
    public const long ChunkWork = 1 << 17;

    private const int MaxChunks = 256;

    public GemmPlan(int m, int n, int k, bool transposedB, int vectorLength, int registers, bool transposedA = false)
    {
        Wide = m <= (registers >= 32 ? 6 : 2);
        TileRows = Wide ? (registers >= 32 ? 6 : 2) : (registers >= 32 ? 14 : 6);
        TileVectors = Wide ? 4 : 2;
        PanelColumns = TileVectors * vectorLength;
        PackAll = transposedB || (m >= PackingRows && n > PanelColumns);

        int blocks = Math.Max(1, (k + (TargetK / 2)) / TargetK);
        BlockK = Math.Max(1, (k + blocks - 1) / blocks);
        blocks = Math.Max(1, (n + TargetN - 1) / TargetN);
        int panels = (n + PanelColumns - 1) / PanelColumns;
        BlockN = Math.Max(1, (panels + blocks - 1) / blocks) * PanelColumns;

        // Rows first (four panels keep the copy of a transposed A worth its while): a chunk of rows reads all of B but its own A; columns where rows are too few to occupy the threads.
        long work = (long)m * n * k;
        long chunks = Math.Clamp(work / ChunkWork, 1, MaxChunks);
        int tiles = (m + TileRows - 1) / TileRows;
        int rowChunks = (int)Math.Clamp(Math.Min(chunks, tiles / 4), 1, MaxChunks);
        ChunkRows = (tiles + rowChunks - 1) / rowChunks * TileRows;
        RowChunks = Math.Max(1, (m + ChunkRows - 1) / ChunkRows);
        int columnChunks = (int)Math.Clamp(Math.Min((chunks + RowChunks - 1) / RowChunks, rowChunks >= 8 ? 1 : panels / (transposedA ? 4 : 2)), 1, MaxChunks);
        ChunkColumns = Math.Max(1, (panels + columnChunks - 1) / columnChunks) * PanelColumns;
        BlocksOutside = k > BlockK && (long)m * n * BlockK >= 8 * ChunkWork;
        ColumnChunks = Math.Max(1, (n + ChunkColumns - 1) / ChunkColumns);
    }

    /// <summary>True for the wide tile family.</summary>
    public bool Wide { get; }

    /// <summary>Most rows of a tile.</summary>
    public int TileRows { get; }

    /// <summary>Most vectors of a tile's row.</summary>
    public int TileVectors { get; }

    /// <summary>Columns of a panel of B.</summary>
    public int PanelColumns { get; }

    /// <summary>True when all of B is copied into panels; else only a right edge that is no whole number of vectors.</summary>
    public bool PackAll { get; }

    /// <summary>Length of a K block (the last may be shorter).</summary>
    public int BlockK { get; }

    /// <summary>True when a K block is work enough for all threads: they then walk through K together, and A and B are read from memory once.</summary>
    public bool BlocksOutside { get; }

    /// <summary>Columns of an N block, whole panels.</summary>
    public int BlockN { get; }

    public int ChunkRows { get; }

    public int RowChunks { get; }

    public int ChunkColumns { get; }

    public int ColumnChunks { get; }
}
