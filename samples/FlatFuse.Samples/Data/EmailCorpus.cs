using FlatFuse.Interop;
using FlatFuse.Models.Data;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Data;

/// <summary>The SpamAssassin messages of data/README.md: words, characters and facts of each, and whether it is spam.</summary>
internal sealed class EmailCorpus
{
    /// <summary>Words with a number of their own, and the ids 0 padding, 1 start, 2 unknown.</summary>
    public const int Vocabulary = 37_252;

    /// <summary>Characters with a number of their own, and the ids 0 padding, 1 other.</summary>
    public const int Alphabet = 72;

    private readonly int[][] _words;
    private readonly int[][] _characters;

    private EmailCorpus(int[][] words, int[][] characters, Tensor<float> facts, Tensor<float> labels)
    {
        _words = words;
        _characters = characters;
        Facts = facts;
        Labels = labels;
    }

    public int Count => _words.Length;

    /// <summary>Messages to train on: the first 80 %.</summary>
    public int TrainingCount => Count * 8 / 10;

    /// <summary>(messages, 8): lengths, shares of capitals and digits, punctuation, links, HTML.</summary>
    public Tensor<float> Facts { get; }

    /// <summary>(messages, 1): 1 spam, 0 not.</summary>
    public Tensor<float> Labels { get; }

    public static EmailCorpus Load()
    {
        NamedTensors file = Npz.Read(DataFiles.PathOf("emails.npz"));
        int[][] words = Split(file.Get<ushort>("words").AsSpan(), file.Get<int>("word_offsets").AsSpan());
        int[][] characters = Split(file.Get<byte>("chars").AsSpan(), file.Get<int>("char_offsets").AsSpan());
        return new EmailCorpus(words, characters, file.Get<float>("stats"), file.Get<byte>("labels").ToFloat().Reshape(-1, 1));
    }

    /// <summary>The first messages only.</summary>
    public EmailCorpus Take(int count)
        => new(_words[..count], _characters[..count], Facts[..count].Clone(), Labels[..count].Clone());

    /// <summary>The first words of every message, (messages, length).</summary>
    public Tensor<int> Words(int length, PadSide padding) => Preprocessing.PadSequences(_words, length, padding, PadSide.After);

    /// <summary>The first characters of every message, (messages, length).</summary>
    public Tensor<int> Characters(int length) => Preprocessing.PadSequences(_characters, length, PadSide.After, PadSide.After);

    /// <summary>Which tenth of the messages, by number of words, each belongs to: 0 … 9.</summary>
    public Tensor<int> LengthDeciles()
    {
        int[] sorted = [.. _words.Select(words => words.Length).Order()];
        return Tensor.From([.. _words.Select(words => Array.BinarySearch(sorted, words.Length) is var at ? at * 10 / sorted.Length : 0)]);
    }

    private static int[][] Split<T>(ReadOnlySpan<T> ids, ReadOnlySpan<int> offsets)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var messages = new int[offsets.Length - 1][];
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = new int[offsets[i + 1] - offsets[i]];
            for (int j = 0; j < messages[i].Length; j++)
                messages[i][j] = int.CreateChecked(ids[offsets[i] + j]);
        }
        return messages;
    }
}
