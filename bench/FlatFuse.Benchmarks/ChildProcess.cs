using System.Diagnostics;

namespace FlatFuse.Benchmarks;

/// <summary>This program again, in a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>The <c>dotnet</c> that runs this process; the one on the path where it was started as an executable of its own.</summary>
    public static string Runtime { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts it, its standard output piped to here.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        string self = typeof(ChildProcess).Assembly.Location;
        var info = new ProcessStartInfo(Runtime, [self, .. arguments]) { RedirectStandardOutput = true };
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
        {
            // The file that a pass records into is gone with the parent's folder.
            IEnumerable<string> alone = arguments.TakeWhile(argument => argument is not ("--passes" or "--record"));
            throw new InvalidOperationException($"A child process ended with code {child.ExitCode}; run it alone: -- {string.Join(' ', alone)}.");
        }
    }
}
