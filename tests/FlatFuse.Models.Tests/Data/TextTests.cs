using FlatFuse.Models.Data;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Data;

public sealed class TextTests
{
    [Fact]
    public void Words_are_numbered_by_frequency_behind_padding_and_the_unknown()
    {
        var texts = new TextVectorization();
        texts.Adapt(["The cat, the CAT!", "the dog's ball;\tbird"]);
        // the 3, cat 2, then once each, from the end of the alphabet as Keras sorts them.
        Assert.Equal(["", "[UNK]", "the", "cat", "dogs", "bird", "ball"], texts.GetVocabulary());
        Assert.Equal(7, texts.VocabularySize);
        Tensor<int> ids = texts.Transform(["The bird saw the cat.", "  ball "]);
        Assert.Equal([2, 5], ids.Shape.ToArray());
        Assert.Equal([2, 5, 1, 2, 3, 6, 0, 0, 0, 0], ids.AsSpan().ToArray());
    }

    [Theory]
    [InlineData(PadSide.After, new[] { 2, 3, 4, 4, 0, 0 })]
    [InlineData(PadSide.Before, new[] { 2, 3, 4, 0, 0, 4 })]
    public void Rows_have_the_wanted_length_and_are_padded_on_the_wanted_side(PadSide side, int[] expected)
    {
        var texts = new TextVectorization { OutputSequenceLength = 3, Padding = side };
        texts.SetVocabulary(["a", "b", "c"]);
        Tensor<int> ids = texts.Transform(["a b c a", "c"]);
        Assert.Equal([2, 3], ids.Shape.ToArray());
        Assert.Equal(expected, ids.AsSpan().ToArray());
    }

    [Fact]
    public void The_rarest_words_are_left_out_when_there_are_too_many()
    {
        var texts = new TextVectorization { MaxTokens = 4, Standardize = false };
        texts.Adapt(["b b a a a c A A"]);
        Assert.Equal(["", "[UNK]", "a", "b"], texts.GetVocabulary());
        Assert.Equal([2, 1, 3, 1], texts.Transform(["a A b c"]).AsSpan().ToArray());
        Assert.Throws<ArgumentException>(() => texts.SetVocabulary(["a", "b", "c"]));
        Assert.Throws<ArgumentException>(() => texts.SetVocabulary(["a", "a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextVectorization { MaxTokens = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextVectorization { OutputSequenceLength = 0 });
        texts.SetVocabulary(["", "[UNK]", "x"]);
        Assert.Equal(["", "[UNK]", "x"], texts.GetVocabulary());
    }

    [Fact]
    public void A_text_of_nothing_is_padding()
    {
        var texts = new TextVectorization();
        Assert.Throws<InvalidOperationException>(() => texts.Transform(["a"]));
        texts.Adapt(["a"]);
        Assert.Equal([0], texts.Transform(["!?"]).AsSpan().ToArray());
        Assert.Equal([0, 1], texts.Transform([]).Shape.ToArray());
    }

    [Fact]
    public void Strings_have_ids_and_come_back()
    {
        var lookup = new StringLookup();
        lookup.Adapt(["red", "blue", "red", "green"]);
        Assert.Equal(["[UNK]", "red", "green", "blue"], lookup.GetVocabulary());
        Tensor<int> ids = lookup.Transform(["blue", "pink", "red"]);
        Assert.Equal([3, 0, 1], ids.AsSpan().ToArray());
        Assert.Equal(["blue", "[UNK]", "red"], lookup.Invert(ids.AsSpan()));
        Tensor<int> table = lookup.Transform(new[,] { { "red", "red" }, { "green", "?" } });
        Assert.Equal([2, 2], table.Shape.ToArray());
        Assert.Equal([1, 1, 2, 0], table.AsSpan().ToArray());
    }

    [Fact]
    public void A_mask_token_moves_the_unknown_to_1()
    {
        var lookup = new StringLookup { MaskToken = "", MaxTokens = 3 };
        Assert.Throws<InvalidOperationException>(() => lookup.VocabularySize);
        lookup.Adapt(["a", "b", "b", ""]);
        Assert.Equal(["", "[UNK]", "b"], lookup.GetVocabulary());
        Assert.Equal([0, 1, 2], lookup.Transform(["", "a", "b"]).AsSpan().ToArray());
    }
}
