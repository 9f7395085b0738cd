using System.Diagnostics;

namespace FlatFuse.Benchmarks;

/// <summary>This program again, in a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>Starts it, its standard output piped to here.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        // Under `dotnet FlatFuse.Benchmarks.dll` the process is dotnet itself.
        if (Path.GetFileNameWithoutExtension(info.FileName) == "dotnet")
            info.ArgumentList.Insert(0, typeof(ChildProcess).Assembly.Location);
        return Process.Start(info)!;
    }

    /// <summary>Runs it to its end and drops what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(IReadOnlyCollection<string> arguments)
    {
        using Process child = Start(arguments);
        child.StandardOutput.ReadToEnd();
        Check(child, arguments);
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Check(Process child, IEnumerable<string> arguments)
    {
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"A child process ended with code {child.ExitCode}; run it alone: -- {string.Join(' ', arguments)}.");
    }
}
