using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace FlatFuse.Start;

/// <summary>What the compiler takes for kernels: every method of FlatFuse.Kernels that is compiled at full speed when first called, by the runtime's own events.</summary>
internal sealed class CompileLog : EventListener
{
    private const EventKeywords Jit = (EventKeywords)0x10;

    // Bits 7 to 9 of a method's flags are its tier; 2 is what AggressiveOptimization gets.
    private const int TierShift = 7;
    private const uint TierMask = 7;
    private const uint Optimized = 2;

    private readonly ConcurrentDictionary<ulong, DateTime> _began = new();
    private readonly ConcurrentQueue<(string Method, double Milliseconds)> _methods = new();

    /// <summary>One line "methods milliseconds", then the dearest methods.</summary>
    public void Print(TextWriter output, int dearest)
    {
        // The runtime hands events over on a thread of its own, up to 100 ms later.
        int seen = -1;
        while (seen != _methods.Count)
        {
            seen = _methods.Count;
            Thread.Sleep(300);
        }
        (string Method, double Milliseconds)[] all = [.. _methods];
        Array.Sort(all, (left, right) => right.Milliseconds.CompareTo(left.Milliseconds));
        double sum = 0;
        foreach ((_, double milliseconds) in all)
            sum += milliseconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all.Length} {sum:0.00}"));
        for (int i = 0; i < Math.Min(dearest, all.Length); i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all[i].Milliseconds,7:0.00} ms  {all[i].Method}"));
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Jit);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name || eventData.Payload is not { } values)
            return;
        if (name.StartsWith("MethodJittingStarted", StringComparison.Ordinal))
        {
            _began[(ulong)values[0]!] = eventData.TimeStamp;
        }
        else if (name.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) && _began.TryRemove((ulong)values[0]!, out DateTime began))
        {
            string type = (string)values[6]!;
            if (((uint)values[5]! >> TierShift & TierMask) == Optimized && type.StartsWith("FlatFuse.Kernels", StringComparison.Ordinal))
                _methods.Enqueue(($"{type}.{values[7]}", (eventData.TimeStamp - began).TotalMilliseconds));
        }
    }
}
