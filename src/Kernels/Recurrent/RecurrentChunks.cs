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

    // Rows of two chunks, about. An even number of chunks occupies two threads evenly.
    private const int RowsPerPair = 32;

    // Fewer rows a chunk make the products of a step wait for their weights, and one thread would gain nothing from the other.
    private const int LeastRows = 4;

    // Rows of a chunk that sums weight gradients of its own: with fewer a step's products would take longer on one thread.
    private const int LeastRowsOfSum = 8;

    // Work from which a second thread is faster, about 8 µs forward on one: it has to be woken and to fetch the weights, and took up to 1.7 times as long with less.
    private const long LeastWorkShared = 600_000;

    // The same with few rows a chunk, or where threads that have shared the steps go on to share the weight gradients of all rows: about 50 µs.
    private const long LeastWorkOfFewRows = 4_000_000;

    // What a cell's activations cost of multiply-adds for each gate, and the lanes that they take whole.
    private const int WorkOfCell = 32;
    private const int Lanes = 16;

    private readonly long _work;

    /// <summary>Cuts a batch.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="steps">Steps of each.</param>
    /// <param name="features">Features.</param>
    /// <param name="units">Units.</param>
    /// <param name="gates">Gates of each unit.</param>
    public RecurrentChunks(int batch, int steps, int features, int units, int gates)
    {
        Batch = batch;
        int depth = features + units;
        _work = (long)batch * steps * gates * ((units + Lanes - 1) / Lanes * Lanes) * (depth + WorkOfCell);
        Count = batch < 2 * LeastRows ? 1 : 2 * Math.Max(1, (batch + (RowsPerPair / 2)) / RowsPerPair);
        SplitsSums = batch >= 2 * LeastRowsOfSum && (long)steps * (batch / Count) >= 2L * depth;
        int rowsAtOnce = SplitsSums ? (batch + Count - 1) / Count : Math.Max(1, batch);
        TimeBlock = Math.Clamp((SplitsSums ? RowsPerChunkBlock : RowsPerTimeBlock) / rowsAtOnce, 1, Math.Max(1, steps));
    }

    public int Batch { get; }

    /// <summary>Groups of batch rows, about 16; none meets the others before its end.</summary>
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

    /// <summary>
    /// True where a second thread is worth its waking forward; the bits are the same. What it keeps lies in its own cache: one thread that goes backward alone would fetch it.
    /// </summary>
    public bool SharesForward(bool keepsAll) => keepsAll || Batch < 2 * LeastRowsOfSum ? SharesBackward : _work >= LeastWorkShared;

    /// <summary>True where it is backward.</summary>
    public bool SharesBackward => _work >= (SplitsSums ? LeastWorkShared : LeastWorkOfFewRows);

    /// <summary>
    /// Parts, of whole chunks, in which the batch's rows run forward through their steps. A row's bits do not depend on those beside it, so few rows are one part where
    /// one thread runs them: taller tiles, and the weights are read once.
    /// </summary>
    public int PartsForward(int threads, bool keepsAll) => IsOnePart(threads, SharesForward(keepsAll)) ? 1 : Count;

    /// <summary>Parts backward: chunks that sum weight gradients of their own stay apart.</summary>
    public int PartsBackward(int threads) => !SplitsSums && IsOnePart(threads, SharesBackward) ? 1 : Count;

    /// <summary>The first chunk of a part.</summary>
    public int PartStart(int part, int parts) => (int)((long)Count * part / parts);

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

    // From two chunks of 12 rows on, tiles are tall enough and taking all rows at once has gained nothing.
    private bool IsOnePart(int threads, bool isShared) => Batch < 3 * LeastRowsOfSum && (threads == 1 || !isShared);
}
