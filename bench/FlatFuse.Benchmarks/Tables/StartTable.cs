using System.Diagnostics;
using System.Globalization;
using FlatFuse.Models;

namespace FlatFuse.Benchmarks;

/// <summary>
/// From the start of a process to its first prediction and its first training step of S1.1, in child processes of the small program FlatFuse.Start: as the
/// build leaves it, compiled while it runs, and as <c>dotnet publish</c> with ReadyToRun leaves it. And the peak of resident memory while S3 trains.
/// </summary>
internal static class StartTable
{
    private const int Runs = 15;
    private const string Program = "FlatFuse.Start.dll";

    /// <param name="output">Where to print.</param>
    /// <param name="records">What the peers took.</param>
    /// <param name="published">The folder of a FlatFuse.Start published with ReadyToRun; null to leave that column empty.</param>
    public static void Print(TextWriter output, PeerRecords records, string? published)
    {
        string built = Path.Combine(AppContext.BaseDirectory, Program);
        string? ahead = published is null ? null : Path.Combine(published, Program);
        string folder = Directory.CreateTempSubdirectory("flatfuse-start").FullName;
        try
        {
            string saved = Path.Combine(folder, "s1.1.flatfuse");
            Run(built, "save", saved);
            output.WriteLine($"Median (best) of {Runs} child processes each, in turn, from before the process is made to the line that it prints when it is done.");
            if (ahead is null)
                output.WriteLine("The second column needs --published FOLDER: see bench/README.md.");
            output.WriteLine();
            output.WriteLine($"| {"from the start of a process to",-46} | {"JIT",16} | {"ReadyToRun",16} |");
            output.WriteLine($"|{new string('-', 48)}|{new string('-', 17)}:|{new string('-', 17)}:|");
            Row("a line, nothing of FlatFuse", "nothing");
            Row("first prediction of a saved S1.1 (goal 150 ms)", "predict", saved);
            Row("first training step of S1.1 (goal 250 ms)", "train");
            output.WriteLine();
            Kernels("prediction", saved);
            Kernels("training step (goal 60 ms)", "train");
            output.WriteLine();
            foreach (string key in (string[])["S3F", "S3L"])
            {
                double mebibytes = PeakMemory(key);
                double? peer = records.Value(key, "train_peak_rss");
                output.WriteLine($"{"peak resident memory, training " + Find(key).Name,-52} {mebibytes,6:0} MiB; PyTorch {(peer is null ? "518 MiB (peers/RESULTS.md, S3 flattened)" : $"{peer:0} MiB (--peers)")}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Kernels(string title, string what)
        {
            int methods = 0;
            List<double> times = [];
            for (int i = 0; i < Runs; i++)
                times.Add(CompileTime(built, what, out methods));
            output.WriteLine($"{$"of which: compiling kernels, first {title}",-72} {Cell(times),16}, {methods} methods (events of the runtime, FlatFuse.Start kernels)");
            output.Flush();
        }

        void Row(string title, params string[] words)
        {
            List<double> jit = [], ready = [];
            for (int i = 0; i < Runs; i++)
            {
                jit.Add(Run(built, words));
                if (ahead is not null)
                    ready.Add(Run(ahead, words));
            }
            output.WriteLine($"| {title,-46} | {Cell(jit),16} | {(ready.Count == 0 ? "-" : Cell(ready)),16} |");
            output.Flush();
        }
    }

    /// <summary>What a child process does: trains a model and prints the peak of its resident memory.</summary>
    public static void RunChild(string key)
    {
        SeedModel large = Find(key);
        Model model = large.Build(1);
        model.Compile(large.Optimizer(), large.Loss);
        model.Fit([.. large.Inputs(128)], large.Targets(128), new FitOptions { BatchSize = 32, Verbosity = Verbosity.Silent });
        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        Console.WriteLine((long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0).ToString(CultureInfo.InvariantCulture));
    }

    private static string Cell(List<double> times)
    {
        Timing timing = Timing.Of(times);
        return $"{timing.Median * 1e3:0} ms ({timing.Best * 1e3:0} ms)";
    }

    private static double PeakMemory(string key)
    {
        string[] words = ["start-child", key];
        using Process child = ChildProcess.Start(words);
        string line = child.StandardOutput.ReadToEnd();
        ChildProcess.Check(child, words);
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    // Seconds that the kernels' compilation took in a child process, by its own events.
    private static double CompileTime(string program, string what, out int methods)
    {
        using Process child = Process.Start(new ProcessStartInfo(ChildProcess.Runtime, [program, "kernels", what]) { RedirectStandardOutput = true })!;
        child.StandardOutput.ReadLine();
        string[] words = (child.StandardOutput.ReadLine() ?? "").Split(' ');
        child.WaitForExit();
        if (child.ExitCode != 0 || words.Length != 2)
            throw new InvalidOperationException($"A child process ended with code {child.ExitCode}; run it alone: dotnet {program} kernels {what}.");
        methods = int.Parse(words[0], CultureInfo.InvariantCulture);
        return double.Parse(words[1], CultureInfo.InvariantCulture) / 1e3;
    }

    // Seconds to the first line.
    private static double Run(string program, params string[] words)
    {
        var info = new ProcessStartInfo(ChildProcess.Runtime, [program, .. words]) { RedirectStandardOutput = true };
        long began = Stopwatch.GetTimestamp();
        using Process child = Process.Start(info)!;
        child.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        child.WaitForExit();
        return child.ExitCode == 0
            ? seconds
            : throw new InvalidOperationException($"A child process ended with code {child.ExitCode}; run it alone: dotnet {program} {string.Join(' ', words)}.");
    }

    private static SeedModel Find(string key) => SeedModels.All.First(model => model.Key == key);
}
