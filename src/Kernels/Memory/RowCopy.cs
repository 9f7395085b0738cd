namespace FlatFuse.Kernels;

/// <summary>Copies chosen rows of a matrix into another: a batch out of a data set.</summary>
public static unsafe class RowCopy
{
    /// <summary><c>batch[i, :] = source[order[i], :]</c>, or <c>source[i, :]</c> without an order.</summary>
    /// <param name="workers">Threads.</param>
    /// <param name="width">Floats of a row.</param>
    /// <param name="source">The matrix (rows, width).</param>
    /// <param name="order">A row number for each row of the batch; empty for the first ones in turn.</param>
    /// <param name="batch">The rows taken, (rows taken, width); disjoint from <paramref name="source"/>.</param>
    /// <exception cref="ArgumentException">A length is no multiple of the width, or differs from that of the order.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public static void Gather(Workers workers, int width, ReadOnlySpan<float> source, ReadOnlySpan<int> order, Span<float> batch)
    {
        ArgumentNullException.ThrowIfNull(workers);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        if (width == 0 || batch.IsEmpty)
            return;
        int rows = batch.Length / width;
        int known = source.Length / width;
        if (batch.Length % width != 0 || (!order.IsEmpty && order.Length != rows))
            throw new ArgumentException($"RowCopy: a batch of {batch.Length} elements in rows of {width} needs a row number each; received {order.Length}.", nameof(order));
        if (order.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, known, nameof(batch));
        foreach (int row in order)
        {
            if ((uint)row >= (uint)known)
                throw new ArgumentOutOfRangeException(nameof(order), row, $"RowCopy: the source has {known} rows.");
        }
        fixed (float* from = source, to = batch)
        fixed (int* numbers = order)
        {
            var job = new RowCopyJob { Source = from, Batch = to, Order = numbers, Width = width, Rows = rows };
            job.RowsPerChunk = Math.Max(1, RowCopyJob.ChunkLength / width);
            workers.Run(ref job, (rows + job.RowsPerChunk - 1) / job.RowsPerChunk);
        }
    }
}

/// <summary>Chunks of rows.</summary>
internal unsafe struct RowCopyJob : IChunkJob<RowCopyJob>
{
    // 32 KB: a microsecond, more than it costs to share them; who copies a row is who reads it next.
    public const int ChunkLength = 8 * 1024;

    public float* Source;
    public float* Batch;
    public int* Order;
    public int Width, Rows, RowsPerChunk;

    public static void Execute(ref RowCopyJob job, int chunk, Scratch scratch)
    {
        int first = chunk * job.RowsPerChunk;
        int last = Math.Min(job.Rows, first + job.RowsPerChunk);
        if (job.Order == null)
        {
            Copy(job.Source + ((nint)first * job.Width), job.Batch + ((nint)first * job.Width), (nint)(last - first) * job.Width);
            return;
        }
        for (int row = first; row < last; row++)
            Copy(job.Source + ((nint)job.Order[row] * job.Width), job.Batch + ((nint)row * job.Width), job.Width);
    }

    private static void Copy(float* source, float* destination, nint floats)
        => Buffer.MemoryCopy(source, destination, floats * sizeof(float), floats * sizeof(float));
}
