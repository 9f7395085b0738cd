namespace FlatFuse.Kernels;

/// <summary>How a recurrent kernel cuts a batch into groups of rows that run the whole sequence on their own, and its gradients into blocks of steps.</summary>
/// <remarks>All of it follows from the shape, so that the sums' order does not depend on the number of threads.</remarks>
internal readonly struct RecurrentChunks
{
    // Rows that one product for the weight gradients sums over: at 128 units and features its operands, its result and the packed
    // weights, 0.5 + 0.25 + 0.5 + 0.5 MB, then stay in a level-2 cache of 2 MB.
    private const int RowsPerTimeBlock = 256;

    // The same where a chunk does that product itself: 0.25 + 0.13 + 0.5 + 0.5 MB leave room for what streams past
    // (LSTM backward of 500 steps, 32 rows, two threads: 27.9 ms, with 256 rows 31.0).
    private const int RowsPerChunkBlock = 128;

    // Rows of a chunk, about.
    private const int RowsPerChunk = 16;

    /// <summary>Cuts a batch.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="steps">Steps of each.</param>
    /// <param name="depth">Features and units: rows of the weights.</param>
    public RecurrentChunks(int batch, int steps, int depth)
    {
        Batch = batch;
        Count = Math.Max(1, (batch + (RowsPerChunk / 2)) / RowsPerChunk);
        SplitsSums = Count > 1 && (long)steps * RowsPerChunk >= 2L * depth;
        int rowsAtOnce = SplitsSums ? (batch + Count - 1) / Count : Math.Max(1, batch);
        TimeBlock = Math.Clamp((SplitsSums ? RowsPerChunkBlock : RowsPerTimeBlock) / rowsAtOnce, 1, Math.Max(1, steps));
    }

    public int Batch { get; }

    /// <summary>Groups of about 16 batch rows; none meets the others before its end.</summary>
    public int Count { get; }

    /// <summary>Steps of backward between two products for the weight gradients.</summary>
    public int TimeBlock { get; }

    /// <summary>
    /// True where each chunk sums the weight gradients of its own rows, which are added up in the end: a thread then needs nothing of what
    /// another wrote. It takes a copy of those gradients a chunk, so it is for sequences so long that this is little beside the rest.
    /// </summary>
    /// <remarks>The operands of those products then stand chunk by chunk, [chunk][step][row], because one runs over a chunk's rows; else [step][row].</remarks>
    public bool SplitsSums { get; }

    /// <summary>Sums of weight gradients that are added up in the end.</summary>
    public int Sums => SplitsSums ? Count : 1;

    /// <summary>The first row of a chunk.</summary>
    public int Start(int chunk) => (int)((long)Batch * chunk / Count);

    /// <summary>The first row of a sum.</summary>
    public int SumStart(int sum) => SplitsSums ? Start(sum) : sum * Batch;

    /// <summary>Where the rows of a chunk begin in memory of one block of steps, in rows, if the chunk starts with batch row <paramref name="first"/>.</summary>
    public nint BlockRow(int first) => SplitsSums ? (nint)first * TimeBlock : first;

    /// <summary>Rows from one step to the next in that memory, for a chunk of so many.</summary>
    public int BlockStep(int rows) => SplitsSums ? rows : Batch;

    /// <summary>
    /// True if every chunk should run through all steps and add its weight gradients itself, because the chunks occupy the threads evenly.
    /// Otherwise all threads share the weight gradients of a block of steps: the same sums.
    /// </summary>
    public bool RunInOneGo(int threads) => SplitsSums && (Count % threads == 0 || Count > 4 * threads);
}
