using System.Diagnostics;
using System.Globalization;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>
/// From the start of a process to its first prediction and its first training step of S1.1, and the peak of resident memory while S3 trains, each in
/// child processes of this program.
/// </summary>
internal static class StartTable
{
    private const int Runs = 15;

    public static void Print(TextWriter output, PeerRecords records)
    {
        string folder = Directory.CreateTempSubdirectory("flatfuse-start").FullName;
        try
        {
            string saved = Path.Combine(folder, "s1.1.flatfuse");
            Find("S1E1").Build(1).Save(saved);
            output.WriteLine($"Median (best) of {Runs} child processes, from before the process is made to the line that it prints when it is done.");
            Line("dotnet, nothing done", "nothing", saved);
            Line("first prediction of a saved S1.1 (goal 150 ms)", "predict", saved);
            Line("first training step of S1.1 (goal 250 ms)", "train", saved);
            foreach (string key in (string[])["S3F", "S3L"])
            {
                double mebibytes = double.Parse(Child("memory", key).Line, CultureInfo.InvariantCulture);
                double? peer = records.Value(key, "train_peak_rss");
                output.WriteLine($"{"peak resident memory, training " + Find(key).Name,-52} {mebibytes,6:0} MiB; PyTorch {(peer is null ? "518 MiB (peers/RESULTS.md, S3 flattened)" : $"{peer:0} MiB (--peers)")}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Line(string title, string what, string saved)
        {
            List<double> times = [.. Enumerable.Range(0, Runs).Select(_ => Child(what, saved).Seconds)];
            Timing timing = Timing.Of(times);
            output.WriteLine($"{title,-52} {timing.Median * 1e3,6:0} ms ({timing.Best * 1e3:0} ms)");
            output.Flush();
        }
    }

    /// <summary>What a child process does.</summary>
    public static void RunChild(string what, string argument)
    {
        switch (what)
        {
            case "nothing":
                Console.WriteLine("done");
                break;
            case "predict":
                Model model = Model.Load(argument);
                Tensor<float> y = model.Predict([Tensor.Zeros<float>(1, 10, 1), Tensor.Zeros<float>(1, 5)]);
                Console.WriteLine(y.AsSpan()[0].ToString(CultureInfo.InvariantCulture));
                break;
            case "train":
                SeedModel small = Find("S1E1");
                Model trained = small.Build(1);
                trained.Compile(small.Optimizer(), small.Loss);
                Console.WriteLine(trained.TrainOnBatch([.. small.Inputs(32)], small.Targets(32)).Loss.ToString(CultureInfo.InvariantCulture));
                break;
            case "memory":
                SeedModel large = Find(argument);
                Model memory = large.Build(1);
                memory.Compile(large.Optimizer(), large.Loss);
                memory.Fit([.. large.Inputs(128)], large.Targets(128), new FitOptions { BatchSize = 32, Verbosity = Verbosity.Silent });
                string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
                Console.WriteLine((long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"-- start-child {what}: expected nothing, predict, train or memory.");
        }
    }

    private static (double Seconds, string Line) Child(string what, string argument)
    {
        string[] words = ["start-child", what, argument];
        long began = Stopwatch.GetTimestamp();
        using Process child = ChildProcess.Start(words);
        string? line = child.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        ChildProcess.Check(child, words);
        return (seconds, line ?? throw new InvalidOperationException($"The child process '{what}' printed nothing; run it alone: -- {string.Join(' ', words)}."));
    }

    private static SeedModel Find(string key) => SeedModels.All.First(model => model.Key == key);
}
