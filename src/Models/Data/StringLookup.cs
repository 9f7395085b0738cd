using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

/// <summary>
/// Replaces each string by its id: 0 is kept for the mask where <see cref="MaskToken"/> is set, the next id is for strings that are not in the
/// vocabulary, then come the strings by falling frequency. Runs on data before the model; feed the ids to an <c>Embedding</c> or a
/// <c>CategoryEncoding</c>. Source: Keras 3, <c>keras.layers.StringLookup</c> with one out-of-vocabulary id.
/// </summary>
public sealed class StringLookup
{
    private Vocabulary? _vocabulary;

    /// <summary>The most entries, the mask and the unknown included; null for no bound.</summary>
    public int? MaxTokens { get; init => field = Vocabulary.CheckMaxTokens(value, 2, nameof(StringLookup)); }

    /// <summary>The string that id 0 stands for; null for none, and then the unknown have id 0.</summary>
    public string? MaskToken { get; init; }

    /// <summary>How the vocabulary spells the unknown.</summary>
    public string OovToken { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = "[UNK]";

    /// <summary>The number of ids.</summary>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public int VocabularySize => Known.Entries.Count;

    private string[] Specials => MaskToken is null ? [OovToken] : [MaskToken, OovToken];

    private Vocabulary Known => _vocabulary ?? throw new InvalidOperationException("StringLookup: it has no vocabulary yet. Call Adapt with data or SetVocabulary first.");

    /// <summary>Learns the vocabulary; forgets the one before.</summary>
    /// <param name="data">Strings; the more frequent ones have the smaller ids, equally frequent ones are in reverse ordinal order.</param>
    public void Adapt(IEnumerable<string> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string term in data)
            counts[term] = counts.GetValueOrDefault(term) + 1;
        _vocabulary = Vocabulary.FromCounts(counts, Specials, MaxTokens);
    }

    /// <summary>Gives the vocabulary.</summary>
    /// <param name="terms">Strings in the order of their ids; with or without the special entries at the beginning.</param>
    /// <exception cref="ArgumentException">A string is there twice, or there are more than <see cref="MaxTokens"/>.</exception>
    public void SetVocabulary(IReadOnlyList<string> terms) => _vocabulary = Vocabulary.FromTerms(nameof(StringLookup), terms, Specials, MaxTokens);

    /// <summary>All strings by id, the mask and the unknown at the beginning.</summary>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public IReadOnlyList<string> GetVocabulary() => [.. Known.Entries];

    /// <summary>The ids.</summary>
    /// <param name="data">Strings.</param>
    /// <returns>(samples).</returns>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public Tensor<int> Transform(IReadOnlyList<string> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Vocabulary known = Known;
        Tensor<int> ids = Tensor.Zeros<int>(data.Count);
        Span<int> values = ids.AsSpan();
        for (int i = 0; i < data.Count; i++)
            values[i] = Id(known, data[i]);
        return ids;
    }

    /// <summary>The ids of a table of strings.</summary>
    /// <param name="data">(samples, columns).</param>
    /// <returns>(samples, columns).</returns>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public Tensor<int> Transform(string[,] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Vocabulary known = Known;
        Tensor<int> ids = Tensor.Zeros<int>(data.GetLength(0), data.GetLength(1));
        Span<int> values = ids.AsSpan();
        int at = 0;
        foreach (string term in data)
            values[at++] = Id(known, term);
        return ids;
    }

    /// <summary>The strings of ids: the way back.</summary>
    /// <param name="ids">0 … vocabulary − 1; others are unknown.</param>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public string[] Invert(ReadOnlySpan<int> ids)
    {
        Vocabulary known = Known;
        var terms = new string[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            terms[i] = (uint)ids[i] < (uint)known.Entries.Count ? known.Entries[ids[i]] : OovToken;
        return terms;
    }

    private int Id(Vocabulary known, string term)
        => MaskToken is null ? known.Find(term, 0) : term == MaskToken ? 0 : known.Find(term, 1);
}
