using System.Text.Json;

namespace FlatFuse.Benchmarks;

/// <summary>
/// Takes measurements: now, or in processes of their own that have run the same table before. Which pages a process gets and what its neighbours do
/// then hold for the whole process, and move a median by a third; the least median of a few processes is what the machine gives when it is let alone.
/// The peers' records are read by the same rule, so as many passes of theirs are fair.
/// </summary>
internal sealed class Passes
{
    private readonly StreamWriter? _record;
    private readonly ILookup<string, string>? _taken;

    private readonly int _count;

    private Passes(int count, StreamWriter? record, ILookup<string, string>? taken) => (_count, _record, _taken) = (count, record, taken);

    /// <summary>
    /// What the options ask for: <c>--passes N</c> runs this program N times with the same arguments and tells their measurements, taking none
    /// itself; <c>--record FILE</c> is such a run.
    /// </summary>
    public static Passes Of(Options options, IReadOnlyList<string> arguments)
    {
        if (options.Record is { } file)
            return new Passes(1, new StreamWriter(file) { AutoFlush = true }, null);
        if (options.Passes == 1)
            return new Passes(1, null, null);
        string folder = Directory.CreateTempSubdirectory("flatfuse-passes").FullName;
        try
        {
            string[] files = [.. Enumerable.Range(1, options.Passes).Select(pass => Path.Combine(folder, $"{pass}.jsonl"))];
            foreach (string pass in files)
                ChildProcess.Run([.. arguments, "--record", pass]);
            return new Passes(options.Passes, null, files.SelectMany(File.ReadLines).Select(Line).ToLookup(line => line.Key, line => line.Value));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a printed time is, for the head of a table.</summary>
    public string Rule => _count == 1 ? "median" : $"least median of {_count} processes, ours and the peers'";

    /// <summary>The measurement of that name.</summary>
    /// <param name="key">The same in every pass, and no other measurement's.</param>
    /// <param name="measure">Takes it.</param>
    /// <param name="least">Puts those of two passes together.</param>
    public T Take<T>(string key, Func<T> measure, Func<T, T, T> least)
    {
        if (_taken is not null)
            return _taken[key].Select(value => JsonSerializer.Deserialize<T>(value)!).Aggregate(least);
        T taken = measure();
        _record?.WriteLine(JsonSerializer.Serialize(KeyValuePair.Create(key, JsonSerializer.Serialize(taken))));
        return taken;
    }

    private static KeyValuePair<string, string> Line(string line) => JsonSerializer.Deserialize<KeyValuePair<string, string>>(line);
}
