using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Tile, block sizes and chunks of one product. Everything here follows from the sizes and the kernel set, nothing from the number of threads.
/// </summary>
internal readonly struct GemmPlan
{
    // A tile's 9 rows of A (KC · 9 · 4 bytes = 9 KB) stay in L1 while the panels of B stream past from L2. Shorter blocks read and write C
    // more often (192: 3 % slower at 512³), longer ones crowd L1 (384: 5 % slower).
    private const int TargetK = 256;

    // KC · NC · 4 bytes = 1 MB: half of a 2 MB L2, shared with the rows of A and C that pass by.
    private const int TargetN = 1024;

    // Small products in place: A and a panel of B are in L1 or near it anyway, and what counts is how often a tile starts and C is read
    // and written: 1.1 times the speed of 256 on (32, 784) · (784, 128).
    private const int InPlaceK = 800;

    // Of a long product with few rows, this block of B and the next one, which is being fetched, lie in L2 together (2 · 128 · 512 · 4 bytes
    // = 512 KB beside A): 1.15 times the speed of 256 on (16000, 128)ᵀ · (16000, 512).
    private const int StreamedK = 128;

    // Below, the copy of B costs more than its reuse returns.
    private const int PackingRows = 160;

    /// <summary>Multiply-adds worth handing to another thread.</summary>
    public const long ChunkWork = 1 << 17;

    // A block of K with that much work keeps the threads busy longer than it takes to hand it out.
    private const long StreamedWork = 8 * ChunkWork;

    private const int MaxChunks = 256;

    // Rows of B whose length is no whole number of vectors: nearly every load of one crosses a cache line, which from about here on costs more than
    // the copy (65³: 1.3 times).
    private const int RaggedRows = 28;

    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="transposedB">The columns of B are not contiguous.</param>
    /// <param name="vectorLength">Floats in a vector.</param>
    /// <param name="registers">Vector registers.</param>
    /// <param name="transposedA">The columns of A are not contiguous.</param>
    /// <param name="ragged">The distance between rows of B is no whole number of vectors.</param>
    // Inlined, because the vector's length and the number of registers are constants at every caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GemmPlan(int m, int n, int k, bool transposedB, int vectorLength, int registers, bool transposedA = false, bool ragged = false)
    {
        bool packPanels = (transposedB || (ragged && m >= RaggedRows)) && m < PackingRows;
        (Wide, TileRows, TileVectors) = Tile(m, (n + vectorLength - 1) / vectorLength, registers >= 32, packPanels);
        PanelColumns = TileVectors * vectorLength;
        Packing = packPanels ? GemmPackingOrder.PanelByPanel
            : transposedB || (m >= PackingRows && n > 2 * PanelColumns) ? GemmPackingOrder.BlockByBlock
            : GemmPackingOrder.InPlace;
        Streams = Packing == GemmPackingOrder.InPlace && k >= 2 * StreamedK && (long)m * n * StreamedK >= StreamedWork;

        int target = Streams ? StreamedK : Packing == GemmPackingOrder.InPlace ? InPlaceK : TargetK;
        BlockK = k < target + (target / 2) ? Math.Max(1, k) : Share(k, (k + (target / 2)) / target);
        int panels = Parts(n, PanelColumns);
        BlockN = Share(panels, Parts(n, TargetN)) * PanelColumns;

        long chunks = Math.Clamp((long)m * n * (Streams ? BlockK : k) / ChunkWork, 1, MaxChunks);
        if (chunks == 1)
        {
            RowChunks = ColumnChunks = 1;
            ChunkRows = Math.Max(1, m);
            ChunkColumns = panels * PanelColumns;
            return;
        }
        // Rows first: a chunk of rows reads all of B but its own A. Columns where rows are too few to occupy the threads, four panels at least if
        // they share a copy of a transposed A. Rows are cut evenly, because two threads end together only if their chunks do.
        int tiles = Parts(m, TileRows);
        int mostRowChunks = packPanels ? 1 : tiles >= 16 ? tiles / 4 : Streams ? Math.Max(2, tiles / 4) : (tiles + 1) / 2;
        ChunkRows = Share(m, (int)Math.Min(chunks, mostRowChunks));
        RowChunks = Parts(m, ChunkRows);
        int panelsPerChunk = packPanels ? 1 : transposedA && !Streams ? 4 : 2;
        ChunkColumns = Share(panels, RowChunks >= 8 ? 1 : Math.Min(Parts((int)chunks, RowChunks), panels / panelsPerChunk)) * PanelColumns;
        ColumnChunks = Parts(n, ChunkColumns);
    }

    /// <summary>True for the wide tile family.</summary>
    public bool Wide { get; }

    /// <summary>Most rows of a tile.</summary>
    public int TileRows { get; }

    /// <summary>Most vectors of a tile's row.</summary>
    public int TileVectors { get; }

    /// <summary>Columns of a panel of B.</summary>
    public int PanelColumns { get; }

    /// <summary>How B is brought into panels.</summary>
    public GemmPackingOrder Packing { get; }

    /// <summary>Length of a K block (the last may be shorter).</summary>
    public int BlockK { get; }

    /// <summary>True when all threads walk through K together, block by block, and fetch the next block of B while they work on one:
    /// few rows, long sums, operands beyond L2 that are read once.</summary>
    public bool Streams { get; }

    /// <summary>Columns of an N block, whole panels.</summary>
    public int BlockN { get; }

    /// <summary>Rows of a chunk (the last may have fewer).</summary>
    public int ChunkRows { get; }

    public int RowChunks { get; }

    /// <summary>Columns of a chunk, whole panels.</summary>
    public int ChunkColumns { get; }

    public int ColumnChunks { get; }

    /// <summary>Row tiles of a chunk.</summary>
    public int ChunkTiles => (ChunkRows + TileRows - 1) / TileRows;

    // Parts that cover a whole, and the length of each of so many. A small product has one part of everything: asking first spares a dozen
    // divisions (of 77 ns that a plan took).
    private static int Parts(int whole, int part) => whole <= part ? 1 : (int)(((uint)whole + (uint)part - 1) / (uint)part);

    private static int Share(int whole, int parts) => parts <= 1 ? whole : (int)(((uint)whole + (uint)parts - 1) / (uint)parts);

    /// <summary>The tile for <paramref name="m"/> rows of <paramref name="vectors"/> vectors.</summary>
    /// <remarks>
    /// 9 rows of 3 vectors are the rule (256 bits: 4 of 3): 14 of 2 do as many multiply-adds a step, but 14 rows at a distance of a power of two do not
    /// fit the 12 ways of L1 (0.92 against 0.84 of oneDNN at 1024³). 14 of 2 (6 of 2) where 3 vectors would leave a lone fourth, and where each
    /// panel is packed for few rows: KC · 2 vectors = 32 KB, which stay in L1. Up to 6 (2) rows: 4 vectors, for enough sums at a time.
    /// </remarks>
    private static (bool Wide, int Rows, int Vectors) Tile(int m, int vectors, bool manyRegisters, bool packPanels)
    {
        if (m <= (manyRegisters ? 6 : 2))
            return (true, manyRegisters ? 6 : 2, 4);
        if (vectors <= 2 || vectors == 4 || packPanels)
            return (false, manyRegisters ? 14 : 6, 2);
        return (true, manyRegisters ? 9 : 4, 3);
    }
}
