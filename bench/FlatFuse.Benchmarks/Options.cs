using System.Globalization;

namespace FlatFuse.Benchmarks;

/// <summary>What follows a table's name on the command line.</summary>
/// <param name="Words">Filters.</param>
/// <param name="Peers">The folder after <c>--peers</c>, or null.</param>
/// <param name="Passes">The number after <c>--passes</c>, or 1.</param>
/// <param name="Record">The file after <c>--record</c>, or null.</param>
/// <param name="Published">The folder after <c>--published</c>, or null.</param>
internal sealed record Options(IReadOnlyList<string> Words, string? Peers, int Passes, string? Record, string? Published)
{
    public static Options Parse(ReadOnlySpan<string> args)
    {
        List<string> words = [];
        string? peers = null, record = null, published = null;
        int passes = 1;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--peers":
                    peers = Value(args, ref i, "a folder with the records of the peers' scripts (*.jsonl); see bench/peers.sh");
                    break;
                case "--passes":
                    string count = Value(args, ref i, "a number of processes");
                    if (!int.TryParse(count, CultureInfo.InvariantCulture, out passes) || passes < 1)
                        throw new ArgumentException($"--passes {count}: expected a number of processes from 1.");
                    break;
                case "--record":
                    record = Value(args, ref i, "a file to write");
                    break;
                case "--published":
                    published = Value(args, ref i, "the folder of a published FlatFuse.Start; see bench/README.md");
                    break;
                default:
                    words.Add(args[i]);
                    break;
            }
        }
        return new Options(words, peers, passes, record, published);
    }

    /// <summary>An option that a table does not know would be ignored, and its numbers believed to be something else.</summary>
    /// <exception cref="ArgumentException">An option is given that this table does not take.</exception>
    public void RefuseWhatIsNotFor(string? table)
    {
        if (table is not ("kernels" or "models") && (Passes != 1 || Record is not null))
            throw new ArgumentException($"-- {table} takes no --passes or --record; kernels and models do.");
        if (table is not "start" && Published is not null)
            throw new ArgumentException($"-- {table} takes no --published; start does.");
        if (table is not ("kernels" or "models" or "start") && Peers is not null)
            throw new ArgumentException($"-- {table} takes no --peers; kernels, models and start do.");
    }

    private static string Value(ReadOnlySpan<string> args, ref int i, string expected)
        => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs {expected}.");
}
