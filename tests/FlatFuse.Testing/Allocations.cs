namespace FlatFuse.Testing;

/// <summary>Managed bytes of a call in its steady state.</summary>
public static class Allocations
{
    private const int Calls = 4;

    /// <summary>
    /// The fewest bytes of several calls. The first may grow scratch memory, and a collection that another test's thread starts in between counts
    /// the rest of this thread's allocation block; an allocation of the call itself shows in every one.
    /// </summary>
    public static long Least(Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        long least = long.MaxValue;
        for (int i = 0; i < Calls; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
