namespace FlatFuse.Kernels;

/// <summary>The order of a pass over memory that another pass has just gone over from its beginning: from the end, where the caches still hold what that one touched last.</summary>
/// <remarks>
/// The pass after it finds the beginning in the caches in turn. A caller claims chunks from the front and helpers from the back (<see cref="ThreadTeam"/>): they ended in the
/// middle, so they begin there. An order alone: a chunk is the same whenever it is run, so no bit depends on it.
/// </remarks>
/// <param name="chunks">How many chunks there are.</param>
/// <param name="threads">How many threads claim them.</param>
internal readonly struct BackToFront(int chunks, int threads)
{
    private readonly int _middle = threads > 1 ? chunks / 2 : chunks;

    /// <summary>Which chunk to run when number <paramref name="claimed"/> is claimed.</summary>
    public int ChunkOf(int claimed) => claimed < _middle ? _middle - 1 - claimed : chunks - 1 - (claimed - _middle);

    /// <summary>Which chunk the same thread is likely to run after this one.</summary>
    public int After(int chunk) => chunk < _middle ? chunk - 1 : chunk + 1;
}
