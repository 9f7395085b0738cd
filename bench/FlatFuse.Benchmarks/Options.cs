namespace FlatFuse.Benchmarks;

/// <summary>What follows a table's name on the command line.</summary>
/// <param name="Words">Filters.</param>
/// <param name="Peers">The folder after <c>--peers</c>, or null.</param>
internal sealed record Options(IReadOnlyList<string> Words, string? Peers)
{
    public static Options Parse(ReadOnlySpan<string> args)
    {
        List<string> words = [];
        string? peers = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] != "--peers")
                words.Add(args[i]);
            else if (i + 1 < args.Length)
                peers = args[++i];
            else
                throw new ArgumentException("--peers needs a folder with the records of the peers' scripts (*.jsonl); see bench/peers.sh.");
        }
        return new Options(words, peers);
    }
}
