using System.Text;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

/// <summary>
/// Turns texts into word ids of one length: lower case without punctuation (<see cref="Standardize"/>), split at white space, each word
/// replaced by its id: 0 is padding, 1 a word that is not in the vocabulary, from 2 the words by falling frequency. Runs on data before the model; feed the
/// ids to an <c>Embedding</c> of <see cref="VocabularySize"/> rows. Source: Keras 3, <c>keras.layers.TextVectorization</c> with integer output;
/// Keras pads at the end only.
/// </summary>
public sealed class TextVectorization
{
    private const int Unknown = 1;

    private static readonly string[] Specials = ["", "[UNK]"];

    private Vocabulary? _vocabulary;

    /// <summary>The most ids, padding and the unknown included; null for no bound.</summary>
    public int? MaxTokens { get; init => field = Vocabulary.CheckMaxTokens(value, 2, nameof(TextVectorization)); }

    /// <summary>The length of every row; that of the longest text of a call when null. Longer texts lose their last words.</summary>
    public int? OutputSequenceLength { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"TextVectorization: OutputSequenceLength is {value}; expected 1 or more, or null for the longest text."); }

    /// <summary>Where short texts are filled up with 0. A recurrent layer that returns its last state should see words last: pad before, or use a mask.</summary>
    public PadSide Padding { get; init; } = PadSide.After;

    /// <summary>False to leave letter case and punctuation as they are.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>The number of ids, padding and the unknown included.</summary>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public int VocabularySize => Known.Entries.Count;

    private Vocabulary Known => _vocabulary ?? throw new InvalidOperationException("TextVectorization: it has no vocabulary yet. Call Adapt with texts or SetVocabulary first.");

    /// <summary>Learns the vocabulary; forgets the one before.</summary>
    /// <param name="texts">Training texts; more frequent words have smaller ids, equally frequent ones are in reverse ordinal order.</param>
    public void Adapt(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byWord = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
        {
            string standard = Standard(text);
            var words = new Words(standard);
            while (words.Next(out ReadOnlySpan<char> word))
            {
                byWord.TryGetValue(word, out int count);
                byWord[word] = count + 1;
            }
        }
        _vocabulary = Vocabulary.FromCounts(counts, Specials, MaxTokens);
    }

    /// <summary>Gives the vocabulary.</summary>
    /// <param name="words">Words in the order of their ids from 2 on; or all entries, with <c>""</c> and <c>"[UNK]"</c> at the beginning.</param>
    /// <exception cref="ArgumentException">A word is there twice, or there are more than <see cref="MaxTokens"/>.</exception>
    public void SetVocabulary(IReadOnlyList<string> words) => _vocabulary = Vocabulary.FromTerms(nameof(TextVectorization), words, Specials, MaxTokens);

    /// <summary>All words by id: <c>""</c> for padding, <c>"[UNK]"</c> for the unknown, then the words.</summary>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public IReadOnlyList<string> GetVocabulary() => [.. Known.Entries];

    /// <summary>The word ids of texts.</summary>
    /// <param name="texts">Any texts.</param>
    /// <returns>(samples, steps).</returns>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public Tensor<int> Transform(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Vocabulary known = Known;
        var sequences = new int[texts.Count][];
        var ids = new List<int>();
        int longest = 1;
        for (int i = 0; i < sequences.Length; i++)
        {
            ids.Clear();
            string standard = Standard(texts[i]);
            var words = new Words(standard);
            while (words.Next(out ReadOnlySpan<char> word))
                ids.Add(known.Find(word, Unknown));
            sequences[i] = [.. ids];
            longest = Math.Max(longest, ids.Count);
        }
        return Preprocessing.PadSequences(sequences, OutputSequenceLength ?? longest, Padding, truncating: PadSide.After);
    }

    private string Standard(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Standardize)
            return text;
        var builder = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            // Keras's list is ASCII's punctuation; the apostrophe belongs to it, so "don't" becomes "dont".
            if (!(char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c))))
                builder.Append(char.ToLowerInvariant(c));
        }
        return builder.ToString();
    }

    /// <summary>Walks over what lies between white space.</summary>
    private ref struct Words(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool Next(out ReadOnlySpan<char> word)
        {
            int from = 0;
            while (from < _rest.Length && char.IsWhiteSpace(_rest[from]))
                from++;
            int to = from;
            while (to < _rest.Length && !char.IsWhiteSpace(_rest[to]))
                to++;
            word = _rest[from..to];
            _rest = _rest[to..];
            return word.Length > 0;
        }
    }
}
