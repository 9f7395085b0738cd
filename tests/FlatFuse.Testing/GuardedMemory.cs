using System.Runtime.InteropServices;

namespace FlatFuse.Testing;

/// <summary>
/// Floats that lie against an inaccessible page: a kernel that reads or writes one element too far ends the process instead of
/// passing unnoticed. On systems other than Linux and macOS it is plain memory.
/// </summary>
/// <remarks>
/// The other side of the span, up to the page border, is filled with a canary that <see cref="IsSlackUntouched"/> looks at.
/// </remarks>
public sealed unsafe class GuardedMemory : IDisposable
{
    private const int ReadAndWrite = 3;
    private const int NoAccess = 0;
    private const uint Canary = 0x7FC0_BEEF;

    private static readonly bool HasPages = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    private readonly nuint _bytes;
    private readonly float* _slack;
    private readonly int _slackLength;
    private byte* _region;

    private GuardedMemory(int length, bool atEnd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint page = (nuint)Environment.SystemPageSize;
        nuint inner = (((nuint)length * sizeof(float)) + page) / page * page;
        _bytes = inner + (2 * page);
        _region = HasPages ? Map(_bytes, page, inner) : (byte*)NativeMemory.AlignedAlloc(_bytes, page);
        byte* first = _region + page;
        int capacity = (int)(inner / sizeof(float));
        new Span<uint>(first, capacity).Fill(Canary);
        _slackLength = capacity - length;
        Pointer = (float*)first + (atEnd ? _slackLength : 0);
        _slack = (float*)first + (atEnd ? 0 : length);
        Length = length;
        Span.Clear();
    }

    /// <summary>The first element.</summary>
    public float* Pointer { get; }

    /// <summary>Floats in the span.</summary>
    public int Length { get; }

    /// <summary>The guarded floats, zero at first.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>False when something wrote beside the span on its unguarded side.</summary>
    public bool IsSlackUntouched => !new ReadOnlySpan<uint>(_slack, _slackLength).ContainsAnyExcept(Canary);

    /// <summary>Memory whose last element is followed by an inaccessible page.</summary>
    /// <param name="length">Floats, 0 or more.</param>
    public static GuardedMemory BeforeGuard(int length) => new(length, atEnd: true);

    /// <summary>Memory whose first element (64-byte aligned) follows an inaccessible page.</summary>
    /// <param name="length">Floats, 0 or more.</param>
    public static GuardedMemory AfterGuard(int length) => new(length, atEnd: false);

    /// <summary>A copy of <paramref name="values"/> that ends at an inaccessible page (or begins after one).</summary>
    /// <param name="values">The content.</param>
    /// <param name="atEnd">True for a page behind the last element, false for one before the first.</param>
    public static GuardedMemory CopyOf(ReadOnlySpan<float> values, bool atEnd = true)
    {
        var memory = new GuardedMemory(values.Length, atEnd);
        values.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        if (_region is null)
            return;
        if (HasPages)
            _ = munmap(_region, _bytes);
        else
            NativeMemory.AlignedFree(_region);
        _region = null;
    }

    private static byte* Map(nuint bytes, nuint page, nuint inner)
    {
        // MAP_PRIVATE | MAP_ANONYMOUS.
        int flags = 2 | (OperatingSystem.IsMacOS() ? 0x1000 : 0x20);
        byte* region = (byte*)mmap(null, bytes, ReadAndWrite, flags, -1, 0);
        if ((nint)region == -1)
            throw new InvalidOperationException($"GuardedMemory: mmap of {bytes} bytes failed with error {Marshal.GetLastPInvokeError()}.");
        if (mprotect(region, page, NoAccess) != 0 || mprotect(region + page + inner, page, NoAccess) != 0)
            throw new InvalidOperationException($"GuardedMemory: mprotect failed with error {Marshal.GetLastPInvokeError()}.");
        return region;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int mprotect(void* address, nuint length, int protection);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(void* address, nuint length);
}
