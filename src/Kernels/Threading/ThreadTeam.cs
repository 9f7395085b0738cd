using System.Collections.Concurrent;

namespace FlatFuse.Kernels;

/// <summary>
/// Background threads that wait for a job by spinning a short while and parking afterwards. The caller works on the job
/// too and takes whatever chunks the others have not claimed, so a parked or pre-empted thread never delays it.
/// </summary>
/// <remarks>
/// The ticket packs the job's generation (high half) and the next unclaimed chunk (low half) into one word. A thread claims
/// a chunk by compare-and-swap on the ticket it has read: a success proves that the job fields read in between belong to
/// that generation, because the caller closes the ticket (no chunk left, a new generation) before it replaces them.
/// </remarks>
internal sealed unsafe class ThreadTeam
{
    // About 50-100 µs of pauses: longer than the gap between two kernels of a step, short beside a time slice.
    private const int SpinsBeforeParking = 2_000;

    private const long Closed = int.MaxValue;

    private static readonly ConcurrentDictionary<int, ThreadTeam> Teams = new();

    private readonly SemaphoreSlim _wake = new(0);
    private readonly int _helpers;
    private int _busy;
    private int _parked;
    private long _ticket;
    private int _chunks;
    private int _done;
    private void* _job;
    private delegate*<void*, int, Scratch, void> _execute;
    private Workers? _workers;

    private ThreadTeam(int threads)
    {
        _helpers = threads - 1;
        for (int i = 1; i <= _helpers; i++)
        {
            int slot = i;
            new Thread(() => Serve(slot)) { IsBackground = true, Name = $"FlatFuse worker {slot}" }.Start();
        }
    }

    /// <summary>The process's team of that many threads, the caller included.</summary>
    public static ThreadTeam Of(int threads) => Teams.GetOrAdd(threads, static count => new ThreadTeam(count));

    /// <summary>Runs all chunks and returns true, or returns false at once when another caller has the team.</summary>
    public bool TryRun<TJob>(ref TJob job, int chunks, Workers workers)
        where TJob : unmanaged, IChunkJob<TJob>
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            return false;
        fixed (TJob* pointer = &job)
        {
            long generation = (_ticket >> 32) + 1;
            Interlocked.Exchange(ref _ticket, (generation << 32) | Closed);
            _job = pointer;
            _execute = &Invoke<TJob>;
            _workers = workers;
            _chunks = chunks;
            _done = 0;
            Interlocked.Exchange(ref _ticket, generation << 32);
            int parked = Volatile.Read(ref _parked);
            if (parked > 0)
                _wake.Release(Math.Min(parked, chunks - 1));
            WorkOn(0);
            var spinner = new SpinWait();
            while (Volatile.Read(ref _done) != chunks)
                spinner.SpinOnce(sleep1Threshold: -1);
        }
        _workers = null;
        Volatile.Write(ref _busy, 0);
        return true;
    }

    private static void Invoke<TJob>(void* job, int chunk, Scratch scratch)
        where TJob : unmanaged, IChunkJob<TJob>
        => TJob.Execute(ref *(TJob*)job, chunk, scratch);

    private bool WorkOn(int slot)
    {
        bool worked = false;
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            int chunk = (int)ticket;
            void* job = _job;
            delegate*<void*, int, Scratch, void> execute = _execute;
            Workers? workers = _workers;
            if (chunk >= Volatile.Read(ref _chunks))
                return worked;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
                continue;
            execute(job, chunk, workers!.ScratchOf(slot));
            Interlocked.Increment(ref _done);
            worked = true;
        }
    }

    private void Serve(int slot)
    {
        int idle = 0;
        while (true)
        {
            if (WorkOn(slot))
            {
                idle = 0;
                continue;
            }
            if (++idle < SpinsBeforeParking)
            {
                Thread.SpinWait(8);
                continue;
            }
            Interlocked.Increment(ref _parked);
            if ((int)Volatile.Read(ref _ticket) >= Volatile.Read(ref _chunks))
                _wake.Wait();
            Interlocked.Decrement(ref _parked);
            idle = 0;
        }
    }
}
