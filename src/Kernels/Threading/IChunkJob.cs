namespace FlatFuse.Kernels;

/// <summary>
/// Work cut into chunks whose number and borders follow from the shape alone, never from the number of threads:
/// whoever runs a chunk writes the same bits.
/// </summary>
/// <typeparam name="TSelf">The implementing struct: pointers and sizes, no references.</typeparam>
internal interface IChunkJob<TSelf>
    where TSelf : unmanaged
{
    /// <summary>Runs one chunk. <paramref name="scratch"/> belongs to the running thread for the length of the call.</summary>
    static abstract void Execute(ref TSelf job, int chunk, Scratch scratch);
}
