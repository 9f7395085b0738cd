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
    public const int PackingRows = 160;

    // Beside a transposed A, whose rows are read where they lie, too, a B of 128 KB or less needs no panels: 1.01 to 1.05 times as fast without ((64, 512)ᵀ · (64, 128), (200, 200)ᵀ · (200, 144)).
    // Of partial vectors, whose rows begin inside cache lines, 48 KB, which L1 keeps ((200, 200)ᵀ · (200, 150): 0.9 without panels).
    private const int NearTerms = 1 << 15, NearPartialTerms = 12288;

    // Panels of 2 vectors that a tile passes: turning its rows of A takes as long as one of them.
    private const int TurnedPanels = 8;

    // Of a segment: a panel that stays in L1 beside the tile of A that passes by: 192 · 3 vectors · 4 bytes = 36 of 48 KB.
    private const int OwnK = 192;

    // Of a mirrored product: 24 of 48 KB, beside it the rows of the smaller operand and of Cᵀ (1.02 times the speed of 192).
    private const int MirroredK = 128;

    // Chunks this small let threads end together whose processors are not equally fast; the panels are packed once a thread, not once a chunk.
    private const int OwnChunkTiles = 2;

    // Operands up to here, K · N · 4 bytes = 512 KB, lie in each thread's L2 twice, as they are and packed.
    public const int OwnTerms = 1 << 17;

    // Rows of A, M · K · 4 bytes = 1 MB, that L2 keeps while panel after panel passes by.
    public const int NearRows = 1 << 18;

    private const int OwnRows = 640;

    // Segments of a long K: an even number for two threads; of sums long enough for it as many as eight threads need. Adding the sums of one costs at most some hundredths of it.
    private const int FewSegments = 4;

    private const int MostSegments = 8;

    /// <summary>Terms that a sum must have to be cut into segments.</summary>
    public const int SegmentK = 1024;

    // From so many panels on threads share the columns of a B beyond L2; with fewer they end apart, and segments of K are as even as can be ((32, 9216) · (9216, 256) on two threads:
    // 1.4 times as fast as columns). On one thread the sums of segments cost 2 %.
    private const int ManyPanels = 12;

    // Four end apart (0.7 to 0.9), sixteen begin anew too often.
    private const int OwnColumnChunks = 8;

    // Terms from which the operands of a transposed A that do not stay in L2 are worth a segment each, whatever B's size: below, B stays there and is read in place.
    private const int LongK = 2 * SegmentK;

    // 8 MB of sums.
    private const int MostSegmentSums = 1 << 18;

    /// <summary>Multiply-adds worth handing to another thread.</summary>
    public const long ChunkWork = 1 << 17;

    // Less is done by one thread: two would win as much time as the operands need from one core's cache to the other's. And by tiles that take one term a round, because
    // those of two take longer to compile.
    public const long SharedWork = 2 * ChunkWork * 15 / 16;

    // A block of K with that much work keeps the threads busy longer than it takes to hand it out.
    private const long StreamedWork = 8 * ChunkWork;

    private const int MaxChunks = 256;

    // So many chunks are enough for two threads to end together; from then on the chunks become larger, because claiming one costs 0.1 to 0.2 µs.
    private const int FewChunks = 16;

    // A small product whose rows it divides is cut into tiles of this height alone: a batch of 32 would be 11 + 11 + 10, two tiles to compile for each width.
    private const int EvenRows = 8;

    private readonly bool _rowsFirst;

    /// <summary>True when a product in place need not cut K. Of few rows and a B that stays in L2 longer sums are better whole, too, where a last panel can then reach back: a tile's rows of A from
    /// L2 cost less than its masked stores at each block's end ((24, 2048) · (2048, 120): 1.14 times as fast, 1.4 on two threads).</summary>
    public static bool HasOneBlock(int m, int n, int k) => k < InPlaceK + (InPlaceK / 2) || (m < PackingRows && !CacheHint.IsFar((long)k * n));

    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="transposedB">The columns of B are not contiguous.</param>
    /// <param name="vectorLength">Floats in a vector.</param>
    /// <param name="registers">Vector registers.</param>
    /// <param name="transposedA">The columns of A are not contiguous.</param>
    /// <param name="reachesBack">N is no whole number of vectors, and the last panel may begin so early that it ends at N.</param>
    /// <param name="blockK">Length of a K block, or 0 for the plan's own choice.</param>
    /// <param name="ownPanels">The caller can run chunks that pack their own panels, and segments.</param>
    /// <param name="products">How many products of this size the caller computes at a time.</param>
    /// <param name="aliasing">The rows of A compete for the same sets of L1 where they lie (<see cref="GemmBlock{TSimd, TVector}.AliasingStride"/>).</param>
    // Inlined, because the vector's length and the number of registers are constants at every caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GemmPlan(int m, int n, int k, bool transposedB, int vectorLength, int registers, bool transposedA = false, bool reachesBack = false, int blockK = 0, bool ownPanels = false, long products = 1, bool aliasing = false)
    {
        InPairs = (long)m * n * k * products >= SharedWork;
        PacksColumns = true;
        bool ownFarB = ownPanels && !transposedB && OwnsFarB(m, n, k, vectorLength, registers);
        // More rows, too, of a transposed B that is more than each thread turns for itself: a block that all turn and all read afterwards costs two threads up to a third of their time.
        bool turnsPanels = ownPanels && transposedB && !transposedA && !aliasing && m <= OwnRows && n >= TurnedPanels * 2 * vectorLength && (long)k * n > OwnTerms && (long)m * k < NearRows;
        bool packPanels = turnsPanels || (transposedB && m < PackingRows);
        PacksRows = ownPanels && !packPanels && registers >= 32 && m >= PackingRows && n >= TurnedPanels * 2 * vectorLength && (transposedB || m > OwnRows || (long)k * n > OwnTerms);
        (Wide, TileRows, TileVectors) = PacksRows ? (false, 14, 2) : Tile(m, (n + vectorLength - 1) / vectorLength, registers >= 32, packPanels, reachesBack);
        if (!InPairs && TileRows > EvenRows && m % EvenRows == 0)
            TileRows = EvenRows;
        PanelColumns = TileVectors * vectorLength;
        Packing = packPanels ? GemmPackingOrder.PanelByPanel
            : transposedB || (m >= PackingRows && (n > 2 * PanelColumns || reachesBack) && !(transposedA && (long)k * n <= (n % vectorLength == 0 ? NearTerms : NearPartialTerms))) ? GemmPackingOrder.BlockByBlock
            : GemmPackingOrder.InPlace;

        Segments = 1;
        if (ownFarB)
        {
            int all = Parts(n, PanelColumns);
            Packing = GemmPackingOrder.OwnPanels;
            Segments = all >= ManyPanels || k < SegmentK ? 1 : SegmentsOf(k);
            PacksColumns = Segments == 1;
            BlockK = Blocks(Share(k, Segments), OwnK);
            BlockN = all * PanelColumns;
            ColumnChunks = Math.Min(all, OwnColumnChunks);
            ChunkColumns = Parts(all, ColumnChunks) * PanelColumns;
            RowChunks = 1;
            ChunkRows = m;
            return;
        }
        bool own = ownPanels && Wide && TileVectors == 3 && m > TileRows && !transposedB;
        if (own && Packing == GemmPackingOrder.InPlace && k >= SegmentK && CacheHint.IsFar((long)k * ((long)m + n))
            && transposedA && k >= LongK && (long)m * n <= MostSegmentSums)
        {
            Packing = GemmPackingOrder.OwnPanels;
            PacksColumns = false;
            Segments = SegmentsOf(k);
            int length = Share(k, Segments);
            BlockK = Blocks(length, OwnK);
            BlockN = ChunkColumns = Parts(n, PanelColumns) * PanelColumns;
            RowChunks = ColumnChunks = 1;
            ChunkRows = m;
            return;
        }
        if (own && n > 2 * PanelColumns && Packing == GemmPackingOrder.BlockByBlock && m <= OwnRows && (long)k * n <= OwnTerms && (long)m * n * k >= SharedWork)
        {
            Packing = GemmPackingOrder.OwnPanels;
            PacksColumns = n > 4 * PanelColumns;
            BlockK = PackedBlockK(k);
            BlockN = ChunkColumns = Parts(n, PanelColumns) * PanelColumns;
            ChunkRows = OwnChunkTiles * TileRows;
            RowChunks = Parts(m, ChunkRows);
            ColumnChunks = 1;
            return;
        }

        // A B that stays in L2 is read from there by all row tiles as quickly as a fetched block, and K is cut less often (1.07 to 1.2 times as fast without on one thread, up to 1.4 on two).
        Streams = blockK == 0 && CacheHint.IsFar((long)k * n) && Packing == GemmPackingOrder.InPlace && k >= 2 * StreamedK && (long)m * n * StreamedK >= StreamedWork;
        BlockK = blockK != 0 ? blockK : Streams ? Blocks(k, StreamedK) : Packing == GemmPackingOrder.InPlace ? (reachesBack ? k : Blocks(k, InPlaceK)) : PackedBlockK(k);
        int panels = Parts(n, PanelColumns);
        BlockN = Share(panels, Parts(n, TargetN)) * PanelColumns;

        long work = (long)m * n * (Streams ? BlockK : k);
        long chunks = work < SharedWork ? 1 : work < FewChunks * ChunkWork ? Math.Max(2, work / ChunkWork) : Math.Clamp(work / (4 * ChunkWork), FewChunks, MaxChunks);
        if (chunks == 1)
        {
            RowChunks = ColumnChunks = 1;
            ChunkRows = Math.Max(1, m);
            ChunkColumns = panels * PanelColumns;
            return;
        }
        // Rows first: a chunk of rows reads all of B but its own A. Columns where rows are too few to occupy the threads, more panels at least if
        // they share a copy of A, one if its sums are long enough: two chunks alone would leave a quicker processor waiting for a slower one. Rows are cut
        // evenly, because two threads end together only if their chunks do.
        int tiles = Parts(m, TileRows);
        int mostRowChunks = packPanels ? 1 : tiles >= 16 ? (tiles + 1) / 2 : Streams ? Math.Max(2, tiles / 4) : (tiles + 1) / 2;
        int rowChunks = (int)Math.Min(chunks, mostRowChunks);
        ChunkRows = tiles >= 16 ? Share(tiles, rowChunks) * TileRows : Share(m, rowChunks);
        if (transposedB && !packPanels)
        {
            // An odd number of chunks that are few, or the rows that are left over, would leave one of two threads waiting (256 rows were ten chunks, nine of 28 and one of 4).
            int whole = m / ChunkRows;
            int most = (whole + 1) / 2 * ChunkRows + (whole % 2 == 0 ? m - (whole * ChunkRows) : 0);
            if (50L * most > 26L * m)
                ChunkRows = Share(m, (Parts(m, ChunkRows) + 1) & ~1);
        }
        RowChunks = Parts(m, ChunkRows);
        int panelsPerChunk = PacksRows ? TurnedPanels : packPanels ? 1 : transposedA && !Streams ? 4 : 2;
        ChunkColumns = Share(panels, RowChunks >= 8 ? 1 : Math.Min(Parts((int)chunks, RowChunks), panels / panelsPerChunk)) * PanelColumns;
        ColumnChunks = Parts(n, ChunkColumns);
        if (RowChunks * ColumnChunks == 1 && !packPanels && m >= EvenRows)
        {
            // Few rows and panels: halves for two threads all the same, of columns where panels are even ((16, 512) · (512, 128), (18, 400) · (400, 96): 1.5 and 1.8 times as fast).
            if (panels % 2 == 0 && n == panels * PanelColumns)
                (ColumnChunks, ChunkColumns) = (2, n / 2);
            else
                (RowChunks, ChunkRows) = (2, Share(m, 2));
        }
        _rowsFirst = ColumnChunks > 1 && RowChunks % 2 == 0 && !CacheHint.IsFar((long)k * n);
    }

    /// <summary>Of a product mirrored (<see cref="GemmMirrored{TSimd, TVector}"/>): wide tiles, panels that stay in L1.</summary>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="segments">Parts of K.</param>
    /// <param name="vectorLength">Floats in a vector.</param>
    /// <param name="registers">Vector registers.</param>
    public GemmPlan(int k, int segments, int vectorLength, int registers)
    {
        Wide = InPairs = true;
        TileRows = registers >= 32 ? 9 : 4;
        TileVectors = 3;
        PanelColumns = TileVectors * vectorLength;
        Packing = GemmPackingOrder.OwnPanels;
        Segments = segments;
        BlockK = Blocks(Share(k, segments), MirroredK);
        RowChunks = ColumnChunks = 1;
    }

    /// <summary>True for the wide tile family.</summary>
    public bool Wide { get; }

    /// <summary>Most rows of a tile.</summary>
    public int TileRows { get; }

    /// <summary>Most vectors of a tile's row.</summary>
    public int TileVectors { get; }

    /// <summary>True when each tile's rows of A are turned before the tile passes along B, so that the elements of a term lie side by side.</summary>
    public bool PacksRows { get; }

    /// <summary>True where own panels are worth a copy of a transposed A: enough of them read it.</summary>
    public bool PacksColumns { get; }

    /// <summary>Columns of a panel of B.</summary>
    public int PanelColumns { get; }

    /// <summary>True for tiles that take two terms a round: for work that is worth their longer compilation.</summary>
    public bool InPairs { get; }

    /// <summary>How B is brought into panels.</summary>
    public GemmPackingOrder Packing { get; }

    /// <summary>Length of a K block (the last may be shorter).</summary>
    public int BlockK { get; }

    /// <summary>True when all threads walk through K together, block by block, and fetch the next block of B while they work on one:
    /// few rows, long sums, operands beyond L2 that are read once.</summary>
    public bool Streams { get; }

    /// <summary>Parts of K whose sums are kept apart and added in order at the end; 1 but for very long sums.</summary>
    public int Segments { get; }

    /// <summary>Columns of an N block, whole panels.</summary>
    public int BlockN { get; }

    /// <summary>Rows of a chunk (the last may have fewer).</summary>
    public int ChunkRows { get; }

    public int RowChunks { get; }

    /// <summary>Columns of a chunk, whole panels.</summary>
    public int ChunkColumns { get; }

    public int ColumnChunks { get; }

    /// <summary>The row chunk and the column chunk of a chunk.</summary>
    /// <remarks>
    /// Neighbours share columns of B, so that each of two threads reads half of it. C beside a B that lies in both threads' caches is handed out by rows instead, from both ends in the
    /// same order: the columns left over at the end, a smaller chunk, are then there for both, and two threads have the same to do
    /// ((32, 512, 128), 11 panels in chunks of three: 1.13 times as fast).
    /// </remarks>
    public (int Row, int Column) ChunkAt(int chunk)
    {
        if (!_rowsFirst)
            return (chunk % RowChunks, chunk / RowChunks);
        int last = (RowChunks * ColumnChunks) - 1;
        return 2 * chunk < last
            ? (chunk / ColumnChunks, chunk % ColumnChunks)
            : (RowChunks - 1 - ((last - chunk) / ColumnChunks), (last - chunk) % ColumnChunks);
    }

    /// <summary>Row tiles of a chunk.</summary>
    public int ChunkTiles => (ChunkRows + TileRows - 1) / TileRows;

    /// <summary>Segments of a K that is long enough for them.</summary>
    public static int SegmentsOf(int k) => k >= MostSegments * SegmentK ? MostSegments : FewSegments;

    /// <summary>The length of K blocks where B is packed.</summary>
    public static int PackedBlockK(int k) => Blocks(k, TargetK);

    /// <summary>True for few rows and a B that does not stay in L2: its panels are laid down by their first row tile, while the others fetch the next one, or read in place by so few tiles that fetch.</summary>
    public static bool OwnsFarB(int m, int n, int k, int vectorLength, int registers)
        => CacheHint.IsFar((long)k * n) && m < PackingRows && m > (registers >= 32 ? 6 : 2) && n > 4 * vectorLength;

    /// <summary>The length of K blocks whose panels stay in L1.</summary>
    public static int OwnBlockK(int k) => Blocks(k, OwnK);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Blocks(int k, int target) => k < target + (target / 2) ? Math.Max(1, k) : Share(k, (k + (target / 2)) / target);

    // Parts that cover a whole, and the length of each of so many. A small product has one part of everything: asking first spares a dozen
    // divisions (of 77 ns that a plan took).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Parts(int whole, int part) => whole <= part ? 1 : (int)(((uint)whole + (uint)part - 1) / (uint)part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Share(int whole, int parts) => parts <= 1 ? whole : (int)(((uint)whole + (uint)parts - 1) / (uint)parts);

    /// <summary>The tile for <paramref name="m"/> rows of <paramref name="vectors"/> vectors.</summary>
    /// <remarks>
    /// 9 rows of 3 vectors are the rule (256 bits: 4 of 3) where A is read in place: 14 of 2 do as many multiply-adds a step, but 14 rows at a distance of a power of two do not
    /// fit the 12 ways of L1 (0.92 against 0.84 of oneDNN at 1024³). Where A is turned (<see cref="PacksRows"/>) 14 of 2 take fewer instructions. 14 of 2 (6 of 2) where each panel is packed for few rows (KC · 2 vectors = 32 KB,
    /// which stay in L1), and where a last panel reaches back in 3 or 4 vectors, because it needs a neighbour. 6 of 4 for exactly 4 vectors (1.06 times 14 of 2
    /// at 64³: fewer loads for each multiply-add), and up to 6 (2) rows, for enough sums at a time.
    /// </remarks>
    private static (bool Wide, int Rows, int Vectors) Tile(int m, int vectors, bool manyRegisters, bool packPanels, bool reachesBack)
    {
        if (m <= (manyRegisters ? 6 : 2))
            return (true, manyRegisters ? 6 : 2, 4);
        if (vectors <= 2 || packPanels || (reachesBack && vectors <= 4) || (vectors == 4 && !manyRegisters))
            return (false, manyRegisters ? 14 : 6, 2);
        if (vectors == 4)
            return (true, 6, 4);
        return (true, manyRegisters ? 9 : 4, 3);
    }
}
