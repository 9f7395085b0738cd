using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels.Tests.Threading;

/// <summary>What the probe jobs share with their test: a job itself holds pointers and numbers only.</summary>
internal sealed class Probe
{
    private static readonly List<Probe> All = [];

    public Probe(int chunks)
    {
        Runs = new int[chunks];
        lock (All)
        {
            Id = All.Count;
            All.Add(this);
        }
    }

    public int Id { get; }

    /// <summary>How often each chunk has run.</summary>
    public int[] Runs { get; }

    /// <summary>The thread that called: the others are helpers.</summary>
    public int Caller { get; } = Environment.CurrentManagedThreadId;

    /// <summary>Threads inside the job at this moment.</summary>
    public int Inside;

    /// <summary>Runs of a job that a chunk started, on a thread other than the chunk's.</summary>
    public int Strayed;

    /// <summary>Chunks that waited for company in vain.</summary>
    public int Alone;

    public static Probe Of(int id)
    {
        lock (All)
            return All[id];
    }
}

/// <summary>Counts the runs of its chunks.</summary>
internal readonly struct CountingJob(Probe probe) : IChunkJob<CountingJob>
{
    private readonly int _probe = probe.Id;

    public static void Execute(ref CountingJob job, int chunk, Scratch scratch) => Interlocked.Increment(ref Probe.Of(job._probe).Runs[chunk]);
}

/// <summary>Its chunks wait for each other, so that as many threads as chunks run them.</summary>
internal readonly struct MeetingJob(Probe probe, MeetingJob.Fault fault = MeetingJob.Fault.None) : IChunkJob<MeetingJob>
{
    private readonly int _probe = probe.Id;
    private readonly Fault _fault = fault;

    public enum Fault
    {
        None,
        OnCaller,
        OnHelpers,
        Everywhere,
    }

    // A frame of its own, which a stack trace shows: a busy process may have compiled it into its caller by then.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Execute(ref MeetingJob job, int chunk, Scratch scratch)
    {
        Probe probe = Probe.Of(job._probe);
        Interlocked.Increment(ref probe.Runs[chunk]);
        Interlocked.Increment(ref probe.Inside);
        // A limit only so that a helper that never comes fails the test instead of hanging it.
        if (!SpinWait.SpinUntil(() => Volatile.Read(ref probe.Inside) >= probe.Runs.Length, TimeSpan.FromSeconds(60)))
            Interlocked.Increment(ref probe.Alone);
        bool isCaller = Environment.CurrentManagedThreadId == probe.Caller;
        if (job._fault == Fault.Everywhere || job._fault == (isCaller ? Fault.OnCaller : Fault.OnHelpers))
            throw new InvalidTimeZoneException($"chunk {chunk}");
    }
}

/// <summary>A helper comes back from its first chunk only when all the others have been claimed, as if it had lost its processor.</summary>
internal readonly struct HeldUpJob(Probe probe) : IChunkJob<HeldUpJob>
{
    private readonly int _probe = probe.Id;

    public static void Execute(ref HeldUpJob job, int chunk, Scratch scratch)
    {
        Probe probe = Probe.Of(job._probe);
        Interlocked.Increment(ref probe.Runs[chunk]);
        Interlocked.Increment(ref probe.Inside);
        bool isHelper = Environment.CurrentManagedThreadId != probe.Caller;
        if (isHelper && !SpinWait.SpinUntil(() => Volatile.Read(ref probe.Inside) == probe.Runs.Length, TimeSpan.FromSeconds(60)))
            Interlocked.Increment(ref probe.Alone);
    }
}

/// <summary>Each chunk starts a job of its own on the same team.</summary>
internal readonly struct NestingJob(Probe outer, Probe inner) : IChunkJob<NestingJob>
{
    private readonly int _outer = outer.Id;
    private readonly int _inner = inner.Id;

    public static void Execute(ref NestingJob job, int chunk, Scratch scratch)
    {
        Probe outer = Probe.Of(job._outer);
        Interlocked.Increment(ref outer.Runs[chunk]);
        var nested = new NestedJob(Environment.CurrentManagedThreadId, Probe.Of(job._inner));
        Workers.Oversubscribed(null, ThreadTeamTests.Threads).Run(ref nested, Probe.Of(job._inner).Runs.Length);
    }

    private readonly struct NestedJob(int thread, Probe probe) : IChunkJob<NestedJob>
    {
        private readonly int _thread = thread;
        private readonly int _probe = probe.Id;

        public static void Execute(ref NestedJob job, int chunk, Scratch scratch)
        {
            Probe probe = Probe.Of(job._probe);
            Interlocked.Increment(ref probe.Runs[chunk]);
            if (Environment.CurrentManagedThreadId != job._thread)
                Interlocked.Increment(ref probe.Strayed);
        }
    }
}
