using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>Masks travel as in Keras 3.</summary>
public sealed class MaskTests
{
    private readonly CallContext _context = new();

    [Fact]
    public void A_padded_sequence_with_its_mask_gives_what_the_short_one_gives()
    {
        Embedding embedding = LayerCheck.Built(new Embedding(7, 3) { MaskZero = true }, [1, 4]);
        LSTM lstm = LayerCheck.Built(new LSTM(4), [1, 4, 3]);
        Variable Last(params float[] ids)
            => lstm.Invoke([embedding.Invoke([_context.Constant(Values.Of(ids, 1, ids.Length))], _context)[0]], _context)[0].Variable;

        Variable words = Last(3, 1, 4);
        Values.Near(words, Last(3, 1, 4, 0, 0));
        Values.Near(words, Last(0, 0, 3, 1, 4));
    }

    [Fact]
    public void Flatten_after_a_masked_LSTM_drops_the_mask_and_works()
    {
        Embedding embedding = LayerCheck.Built(new Embedding(7, 3) { MaskZero = true }, [1, 4]);
        LSTM lstm = LayerCheck.Built(new LSTM(2) { ReturnSequences = true }, [1, 4, 3]);
        LayerValue words = embedding.Invoke([_context.Constant(Values.Of([3, 1, 0, 0], 1, 4))], _context)[0];
        LayerValue states = lstm.Invoke([words], _context)[0];
        Assert.Same(words.Mask, states.Mask);
        LayerValue flat = new Flatten().Invoke([states], _context)[0];
        Assert.Null(flat.Mask);
        Assert.Equal([1, 8], flat.Variable.Shape.ToArray());
        // Masked steps repeat the output of the last real one.
        float[] numbers = Values.Numbers(flat.Variable);
        Assert.Equal(numbers[2..4], numbers[4..6]);
        Assert.Equal(numbers[2..4], numbers[6..8]);
    }

    [Fact]
    public void Masking_masks_steps_whose_features_all_equal_the_value_and_zeroes_them()
    {
        LayerValue y = new Masking(-1).Invoke([_context.Constant(Values.Of([-1, -1, -1, 2, 0, 0], 1, 3, 2))], _context)[0];
        Assert.Equal([0f, 1, 1], Values.Numbers(y.Mask!));
        Assert.Equal([0f, 0, -1, 2, 0, 0], Values.Numbers(y.Variable));
    }

    [Fact]
    public void Merging_masks_is_a_logical_or_and_nothing_if_one_input_has_none()
    {
        LayerValue a = Masked([1, 1, 0], 1), b = Masked([0, 1, 0], 2), c = new(a.Variable);
        Assert.Equal([1f, 1, 0], Values.Numbers(new Add().Invoke([a, b], _context)[0].Mask!));
        Assert.Null(new Add().Invoke([a, c], _context)[0].Mask);
        Assert.Equal([1f, 1, 0], Values.Numbers(new Maximum().Invoke([a, b], _context)[0].Mask!));
        Assert.Null(new Multiply().Invoke([a, c], _context)[0].Mask);
    }

    [Fact]
    public void Padding_counts_as_one_in_a_product_and_as_the_other_entry_in_a_maximum()
    {
        LayerValue a = Masked([1, 0, 0], -5), b = Masked([0, 1, 0], -3);
        Assert.Equal([-5f, -3, 0], Values.Numbers(new Multiply().Invoke([a, b], _context)[0].Variable));
        Assert.Equal([-5f, -3, -5], Values.Numbers(new Maximum().Invoke([a, b], _context)[0].Variable));
        Assert.Equal([-5f, -3, -5], Values.Numbers(new Minimum().Invoke([a, b], _context)[0].Variable));
    }

    [Fact]
    public void Concatenate_joins_masks_along_the_steps_and_ors_them_along_the_features()
    {
        LayerValue a = Masked([1, 1, 0], 1), b = Masked([0, 1, 0], 2), c = new(a.Variable);
        Assert.Equal([1f, 1, 0, 0, 1, 0], Values.Numbers(new Concatenate(1).Invoke([a, b], _context)[0].Mask!));
        Assert.Equal([1f, 1, 0, 1, 1, 1], Values.Numbers(new Concatenate(1).Invoke([a, c], _context)[0].Mask!));
        Assert.Equal([1f, 1, 0], Values.Numbers(new Concatenate().Invoke([a, b], _context)[0].Mask!));
        Assert.Null(new Concatenate().Invoke([a, c], _context)[0].Mask);
    }

    [Fact]
    public void A_global_average_counts_real_steps_only()
    {
        Variable x = _context.Constant(Values.Of([1, 2, 3, 4, 100, 200], 1, 3, 2));
        Variable mask = _context.Constant(Values.Of([1, 1, 0], 1, 3));
        Assert.Equal([2f, 3], Values.Numbers(new GlobalAveragePooling1D().Invoke([new LayerValue(x, mask)], _context)[0].Variable));
        Variable nothing = _context.Constant(Tensor.Zeros<float>(1, 3));
        Assert.Equal([0f, 0], Values.Numbers(new GlobalAveragePooling1D().Invoke([new LayerValue(x, nothing)], _context)[0].Variable));
    }

    [Fact]
    public void TimeDistributed_hands_an_inner_mask_down_and_keeps_steps_that_hold_anything()
    {
        Embedding embedding = LayerCheck.Built(new Embedding(7, 3) { MaskZero = true }, [1, 2, 4]);
        LSTM lstm = LayerCheck.Built(new LSTM(2), [1, 4, 3]);
        LayerValue letters = embedding.Invoke([_context.Constant(Values.Of([3, 1, 0, 0, 0, 0, 0, 0], 1, 2, 4))], _context)[0];
        LayerValue words = new TimeDistributed(lstm).Invoke([letters], _context)[0];
        Assert.Equal([1f, 0], Values.Numbers(words.Mask!));

        LayerValue alone = embedding.Invoke([_context.Constant(Values.Of([3, 1], 1, 2))], _context)[0];
        float[] want = Values.Numbers(lstm.Invoke([new LayerValue(alone.Variable)], _context)[0].Variable);
        Assert.Equal(want, Values.Numbers(words.Variable)[..2]);
    }

    // One feature of one value under a mask over three steps.
    private LayerValue Masked(float[] mask, float value)
    {
        Variable x = _context.Constant(Values.Of([value, value, value], 1, 3, 1));
        return new LayerValue(x, _context.Constant(Values.Of(mask, 1, 3)));
    }
}
