namespace FlatFuse.Kernels;

/// <summary>
/// What a kernel call needs besides its operands: the kernel set, the threads to share the work with, and working memory.
/// One instance serves one caller at a time; instances share the process's threads, and a caller that finds them
/// busy works alone, with the same bits.
/// </summary>
public sealed class Workers
{
    /// <summary>The environment variable that sets the default number of threads.</summary>
    public const string EnvironmentVariable = "FLATFUSE_THREADS";

    private static readonly Lazy<int> DefaultThreads = new(ReadDefaultThreads);

    private readonly ThreadTeam? _team;
    private readonly Scratch[] _scratch;
    private long _key;

    /// <summary>Creates the workers of one caller.</summary>
    /// <param name="kernels">The kernel set; <see cref="KernelSets.Default"/> when null.</param>
    /// <param name="threads">Threads including the caller; <c>FLATFUSE_THREADS</c> or the number of processors when null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public Workers(KernelSet? kernels = null, int? threads = null)
        : this(kernels, threads ?? DefaultThreads.Value, oversubscribed: false)
    {
    }

    private Workers(KernelSet? kernels, int threads, bool oversubscribed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Kernels = kernels ?? KernelSets.Default;
        Threads = threads;
        _team = threads > 1 ? ThreadTeam.Of(oversubscribed ? threads - 1 : ThreadTeam.HelpersOf(threads)) : null;
        _scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++)
            _scratch[i] = new Scratch();
    }

    /// <summary>That many threads on any machine: proofs that their number changes no bit need them where there are fewer processors.</summary>
    internal static Workers Oversubscribed(KernelSet? kernels, int threads) => new(kernels, threads, oversubscribed: true);

    /// <summary>The kernel set that calls with these workers run.</summary>
    public KernelSet Kernels { get; }

    /// <summary>Threads that may share the work, the caller included; no more of them run than there are processors (two on one processor). The number never changes a bit of any result.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs chunks 0 … <paramref name="chunks"/> − 1, in any order, on any of the threads. An exception of a chunk is thrown here when
    /// no thread works on the job any more. Where <paramref name="shares"/> is false the caller runs all of them: waking others would cost more. A chunk that calls a kernel itself brings workers of its own: these lend it no scratch.
    /// </summary>
    internal void Run<TJob>(ref TJob job, int chunks, bool shares = true)
        where TJob : unmanaged, IChunkJob<TJob>
    {
        if (shares && chunks > 1 && _team is not null && _team.TryRun(ref job, chunks, this))
            return;
        for (int chunk = 0; chunk < chunks; chunk++)
            TJob.Execute(ref job, chunk, _scratch[0]);
    }

    /// <summary>Working memory that the caller fills and all chunks of a job read: packed operands.</summary>
    internal Scratch Shared { get; } = new();

    /// <summary>Working memory of a kernel that calls other kernels, which take the others: what lies here stays through their calls.</summary>
    internal Scratch Held { get; } = new();

    /// <summary>A number above 0 that no other job of these workers has: names what its chunks keep in a thread's <see cref="Scratch"/>.</summary>
    internal long NextKey() => ++_key;

    internal Scratch ScratchOf(int slot) => _scratch[slot];

    private static int ReadDefaultThreads()
    {
        string? text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (string.IsNullOrEmpty(text))
            return Environment.ProcessorCount;
        return int.TryParse(text, out int threads) && threads >= 1
            ? threads
            : throw new ArgumentException($"{EnvironmentVariable}={text} is no number of threads; expected a whole number from 1.");
    }
}
