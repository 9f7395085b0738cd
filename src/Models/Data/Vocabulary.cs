namespace FlatFuse.Models.Data;

/// <summary>
/// Terms by id and ids by term: first the special entries (padding, unknown), then the terms by falling frequency; equally
/// frequent ones in reverse ordinal order, because Keras sorts pairs of count and term and reverses the whole.
/// </summary>
internal sealed class Vocabulary
{
    private readonly string[] _entries;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    private Vocabulary(string[] entries, int specials)
    {
        _entries = entries;
        for (int i = specials; i < entries.Length; i++)
            _ids.Add(entries[i], i);
    }

    /// <summary>All entries, the special ones first.</summary>
    public IReadOnlyList<string> Entries => _entries;

    /// <summary>The id of a term; <paramref name="unknown"/> when it is not among the terms.</summary>
    public int Find(ReadOnlySpan<char> term, int unknown)
        => _ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(term, out int id) ? id : unknown;

    /// <summary>From counted terms.</summary>
    /// <param name="counts">How often each term was met.</param>
    /// <param name="specials">Entries before the terms.</param>
    /// <param name="maxTokens">The most entries, special ones included; null for no bound.</param>
    public static Vocabulary FromCounts(Dictionary<string, int> counts, string[] specials, int? maxTokens)
    {
        // A term that reads like a special entry has no id of its own.
        KeyValuePair<string, int>[] terms = [.. counts.Where(entry => entry.Key.Length > 0 && !specials.Contains(entry.Key))];
        Array.Sort(terms, (left, right) => left.Value != right.Value ? right.Value.CompareTo(left.Value) : string.CompareOrdinal(right.Key, left.Key));
        int kept = Math.Min(terms.Length, (maxTokens ?? int.MaxValue) - specials.Length);
        return new Vocabulary([.. specials, .. terms.Take(kept).Select(entry => entry.Key)], specials.Length);
    }

    /// <summary>From given terms, which may begin with the special entries.</summary>
    /// <exception cref="ArgumentException">A term is there twice or empty, or there are more than allowed.</exception>
    public static Vocabulary FromTerms(string owner, IReadOnlyList<string> terms, string[] specials, int? maxTokens)
    {
        ArgumentNullException.ThrowIfNull(terms);
        string[] entries = terms.Take(specials.Length).SequenceEqual(specials) ? [.. terms] : [.. specials, .. terms];
        if (entries.Length > maxTokens)
            throw new ArgumentException($"{owner}: the vocabulary has {entries.Length} entries with the special ones; expected at most MaxTokens = {maxTokens}.", nameof(terms));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string term in entries)
        {
            if (!seen.Add(term))
                throw new ArgumentException($"{owner}: the vocabulary holds '{term}' twice; expected each term once.", nameof(terms));
        }
        return new Vocabulary(entries, specials.Length);
    }

    public static int? CheckMaxTokens(int? value, int specials, string owner)
        => value is null || value > specials
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"{owner}: MaxTokens is {value}; expected more than the {specials} special entries, or null for no bound.");
}
