using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Background threads that wait for a job by spinning a short while and parking afterwards. The caller works on the job
/// too and takes whatever chunks the others have not claimed, so a parked or pre-empted thread never delays it.
/// </summary>
/// <remarks>
/// <para>The ticket packs the job's generation (high half) and which chunks nobody has claimed (from one quarter, up to the other) into one word. A thread claims
/// a chunk by compare-and-swap on the ticket it has read: a success proves that the job fields read in between belong to
/// that generation, because the caller replaces them only when all chunks are claimed and done, and from then on no ticket of old has one left.</para>
/// <para>The caller claims from the front, helpers from the back. Two threads then meet somewhere in the middle, as evenly as if they took turns, but job
/// after job the same part of a weight, its gradient and its moments passes through the same thread's caches: a line that the other one wrote
/// last costs several times one from the own cache.</para>
/// <para>Parked helpers and permits of the semaphore balance: whoever wakes a helper takes it off the count before it gives the permit,
/// so one that was woken but has not run yet is not woken again, and permits never pile up.</para>
/// <para>A chunk that throws counts as done, on whichever thread; the caller throws the first exception when all chunks have ended.</para>
/// </remarks>
internal sealed unsafe class ThreadTeam
{
    // About 600 µs of looking twenty times a microsecond: longer than the gap between two kernels of a step, short beside a time slice.
    private const int SpinsBeforeParking = 12_000;

    // What a quarter of the ticket counts. A job of more chunks is run in several goes.
    private const int MostChunks = ushort.MaxValue;

    private const int EndShift = 16;

    // Some 50 µs: a helper that has not finished a chunk by then may be waiting for this processor.
    private const int SpinsBeforeYielding = 1_000;

    private static readonly Dictionary<int, ThreadTeam> Teams = [];

    private readonly SemaphoreSlim _wake = new(0);
    private Counters _counters;
    private int _busy;
    private int _parked;
    private int _firstChunk;
    private void* _job;
    private delegate*<void*, int, Scratch, void> _execute;
    private Workers? _workers;
    private ExceptionDispatchInfo? _failure;

    private ThreadTeam(int helpers)
    {
        for (int i = 1; i <= helpers; i++)
        {
            int slot = i;
            new Thread(() => Serve(slot)) { IsBackground = true, Name = $"FlatFuse worker {slot}" }.Start();
        }
    }

    /// <summary>The process's team of that many threads beside the caller.</summary>
    /// <remarks>A lock, because of two callers only one may start threads.</remarks>
    public static ThreadTeam Of(int helpers)
    {
        lock (Teams)
        {
            if (!Teams.TryGetValue(helpers, out ThreadTeam? team))
                Teams.Add(helpers, team = new ThreadTeam(helpers));
            return team;
        }
    }

    /// <summary>
    /// Helpers that so many threads get: one at least, and no more than there are processors beside the caller's. More would spin on processors that the
    /// others need: 8 threads on 2 took 1.2 to 1.8 times as long as one.
    /// </summary>
    public static int HelpersOf(int threads) => Math.Max(1, Math.Min(threads, Environment.ProcessorCount) - 1);

    /// <summary>Helpers that wait for a permit and have been promised none.</summary>
    internal int Parked => Volatile.Read(ref _parked);

    /// <summary>Permits given and not taken yet.</summary>
    internal int Permits => _wake.CurrentCount;

    /// <summary>Jobs that were handed out so far.</summary>
    internal long Jobs => Volatile.Read(ref _counters.Ticket) >> 32;

    /// <summary>
    /// Runs all chunks and returns true, or returns false at once when another caller has the team or when the caller is one of the
    /// team's own chunks. The first exception of a chunk is thrown here, once no thread works on the job any more.
    /// </summary>
    public bool TryRun<TJob>(ref TJob job, int chunks, Workers workers)
        where TJob : unmanaged, IChunkJob<TJob>
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return false;
        try
        {
            fixed (TJob* pointer = &job)
            {
                for (int first = 0; first < chunks; first += MostChunks)
                    RunAll(pointer, &Invoke<TJob>, first, Math.Min(MostChunks, chunks - first), workers);
            }
            Interlocked.Exchange(ref _failure, null)?.Throw();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
        return true;
    }

    private static void Invoke<TJob>(void* job, int chunk, Scratch scratch)
        where TJob : unmanaged, IChunkJob<TJob>
        => TJob.Execute(ref *(TJob*)job, chunk, scratch);

    private void RunAll(void* job, delegate*<void*, int, Scratch, void> execute, int firstChunk, int chunks, Workers workers)
    {
        _job = job;
        _execute = execute;
        _workers = workers;
        _firstChunk = firstChunk;
        _counters.Done = 0;
        long generation = (_counters.Ticket >> 32) + 1;
        long ticket = (generation << 32) | ((long)chunks << EndShift);
        // The caller's first chunk is claimed as the ticket is opened.
        Interlocked.Exchange(ref _counters.Ticket, ticket + 1);
        Wake(chunks - 1);
        Run(job, execute, firstChunk, workers, 0);
        int others = chunks - 1 - WorkOn(0, ticket + 1);
        for (int spins = 0; Volatile.Read(ref _counters.Done) != others; spins++)
            Pause(spins);
        _workers = null;
    }

    private static void Pause(int spins)
    {
        if (spins < SpinsBeforeYielding)
            Thread.SpinWait(1);
        else
            Thread.Yield();
    }

    // Claims and runs chunks until none is left of the ticket. Told is how many they were.
    private int WorkOn(int slot, long ticket)
    {
        int done = 0;
        while (Unclaimed(ticket) > 0)
        {
            void* job = _job;
            delegate*<void*, int, Scratch, void> execute = _execute;
            Workers? workers = _workers;
            int chunk = _firstChunk + (slot == 0 ? First(ticket) : End(ticket) - 1);
            long next = slot == 0 ? ticket + 1 : ticket - (1 << EndShift);
            long found = Interlocked.CompareExchange(ref _counters.Ticket, next, ticket);
            if (found != ticket)
            {
                ticket = found;
                continue;
            }
            // Tried as it was left: if the other side has claimed meanwhile, the failing exchange brings the line and its state in one go.
            ticket = next;
            Run(job, execute, chunk, workers!, slot);
            done++;
        }
        return done;
    }

    private void Run(void* job, delegate*<void*, int, Scratch, void> execute, int chunk, Workers workers, int slot)
    {
        try
        {
            execute(job, chunk, workers.ScratchOf(slot));
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    private static int First(long ticket) => (int)ticket & MostChunks;

    private static int End(long ticket) => (int)(ticket >> EndShift) & MostChunks;

    private static int Unclaimed(long ticket) => End(ticket) - First(ticket);

    private void Serve(int slot)
    {
        int idle = 0;
        while (true)
        {
            int done = WorkOn(slot, Volatile.Read(ref _counters.Ticket));
            if (done > 0)
            {
                // Counted once for all chunks of this thread: until then the caller waits, so the generation is still theirs.
                Interlocked.Add(ref _counters.Done, done);
                idle = 0;
                continue;
            }
            if (++idle < SpinsBeforeParking)
            {
                Thread.SpinWait(1);
                continue;
            }
            Park();
            idle = 0;
        }
    }

    // A job that was opened before the count went up has not seen it, so the ticket is looked at again. Then the helper stays awake,
    // unless somebody has taken it off the count already: that permit is on its way and has to be used up.
    private void Park()
    {
        Interlocked.Increment(ref _parked);
        bool hasWork = Unclaimed(Volatile.Read(ref _counters.Ticket)) > 0;
        if (!hasWork || TakeParked(1) == 0)
            _wake.Wait();
    }

    private void Wake(int wanted)
    {
        int woken = TakeParked(wanted);
        if (woken > 0)
            _wake.Release(woken);
    }

    /// <summary>The two words that threads write while a job runs, each on cache lines of its own (two: processors fetch lines in pairs).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
    private struct Counters
    {
        private const int Apart = 128;

        [FieldOffset(Apart)]
        public long Ticket;

        [FieldOffset(2 * Apart)]
        public int Done;
    }

    // Takes up to so many off the count of parked helpers.
    private int TakeParked(int wanted)
    {
        while (true)
        {
            int parked = Volatile.Read(ref _parked);
            int taken = Math.Min(parked, wanted);
            if (taken == 0 || Interlocked.CompareExchange(ref _parked, parked - taken, parked) == parked)
                return taken;
        }
    }
}
