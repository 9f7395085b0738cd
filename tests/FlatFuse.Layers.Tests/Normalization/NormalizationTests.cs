using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>What rows of cases cannot say about normalisations: state, freezing, padding.</summary>
public sealed class NormalizationTests
{
    [Fact]
    public void Training_moves_the_moving_statistics_and_inference_leaves_them()
    {
        BatchNormalization layer = LayerCheck.Built(new BatchNormalization { Momentum = 0.75 }, [2, 1]);
        Parameter mean = layer.Parameters[2], variance = layer.Parameters[3];
        var training = new CallContext(training: true);
        layer.Apply(training.Constant(Values.Of([1, 3], 2, 1)));
        Assert.Equal(0.25f * 2, mean.Value[0]);
        Assert.Equal(0.75f + 0.25f, variance.Value[0]);
        var inference = new CallContext();
        layer.Apply(inference.Constant(Values.Of([10, 30], 2, 1)));
        Assert.Equal(0.5f, mean.Value[0]);
        Assert.Equal(1f, variance.Value[0]);
    }

    [Fact]
    public void A_replayed_step_moves_the_moving_statistics_again()
    {
        BatchNormalization layer = LayerCheck.Built(new BatchNormalization { Momentum = 0.5 }, [2, 1]);
        Tensor<float> x = Values.Of([1, 3], 2, 1);
        var tape = new Tape();
        var context = new CallContext(training: true) { Tape = tape };
        layer.Apply(context.Constant(x));
        x[0, 0] = 5;
        tape.Replay();
        Assert.Equal((0.5f * 2 * 0.5f) + (0.5f * 4), layer.Parameters[2].Value[0]);
    }

    [Fact]
    public void A_frozen_layer_uses_the_moving_statistics_in_training_and_leaves_them()
    {
        BatchNormalization layer = LayerCheck.Built(new BatchNormalization { Epsilon = 0 }, [2, 1]);
        layer.Trainable = false;
        layer.Parameters[2].Value[0] = 1;
        layer.Parameters[3].Value[0] = 4;
        var training = new CallContext(training: true);
        Assert.Equal([0f, 1], Values.Numbers(layer.Apply(training.Constant(Values.Of([1, 3], 2, 1)))));
        Assert.Equal(1f, layer.Parameters[2].Value[0]);
        Assert.All(layer.Parameters, parameter => Assert.False(parameter.Trainable));
    }

    [Fact]
    public void Thawing_a_layer_leaves_its_moving_statistics_to_no_optimizer()
    {
        BatchNormalization layer = LayerCheck.Built(new BatchNormalization(), [2, 1]);
        layer.Trainable = false;
        layer.Trainable = true;
        Assert.Equal([true, true, false, false], layer.Parameters.Select(parameter => parameter.Trainable));
    }

    [Fact]
    public void Padding_does_not_count_for_the_statistics_of_a_batch()
    {
        BatchNormalization padded = LayerCheck.Built(new BatchNormalization(), [1, 3, 2]), alone = LayerCheck.Built(new BatchNormalization(), [1, 2, 2]);
        var context = new CallContext(training: true);
        Variable mask = context.Constant(Values.Of([1, 1, 0], 1, 3));
        Variable x = context.Constant(Values.Of([1, 2, 3, 5, 100, 200], 1, 3, 2));
        LayerValue y = padded.Invoke([new LayerValue(x, mask)], context)[0];
        Assert.Same(mask, y.Mask);
        Variable want = alone.Apply(context.Constant(Values.Of([1, 2, 3, 5], 1, 2, 2)));
        Values.Near(want, VariableOps.Slice(y.Variable, 1, 0, 2));
        Assert.Equal(alone.Parameters[2].Value.AsSpan().ToArray(), padded.Parameters[2].Value.AsSpan().ToArray());
    }

    [Fact]
    public void A_batch_of_padding_alone_gives_finite_numbers()
    {
        BatchNormalization layer = LayerCheck.Built(new BatchNormalization(), [1, 2, 1]);
        var context = new CallContext(training: true);
        Variable mask = context.Constant(Values.Of([0, 0], 1, 2));
        LayerValue y = layer.Invoke([new LayerValue(context.Constant(Values.Of([1, 2], 1, 2, 1)), mask)], context)[0];
        Assert.All(Values.Numbers(y.Variable), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void A_layer_normalisation_of_numbers_far_from_zero_keeps_its_digits()
    {
        LayerNormalization layer = LayerCheck.Built(new LayerNormalization { Epsilon = 0 }, [1, 2]);
        var context = new CallContext();
        Assert.Equal([-1f, 1], Values.Numbers(layer.Apply(context.Constant(Values.Of([100_000, 100_002], 1, 2)))));
    }

    [Fact]
    public void Scaling_only_divides_by_the_deviation_and_keeps_the_mean()
    {
        // Variance of 1, 5, 3, 3 is 2; with ε = 0.25 the root is 1.5. Gamma grows along the row.
        LayerNormalization layer = LayerCheck.Built(new LayerNormalization { RmsScaling = true, Epsilon = 0.25 }, [1, 4]);
        Assert.Equal("gamma", Assert.Single(layer.Parameters).Name);
        layer.Parameters[0].Assign(Values.Of([1, 2, 3, 4], 4));
        float[] y = Values.Numbers(layer.Apply(new CallContext().Constant(Values.Of([1, 5, 3, 3], 1, 4))));
        Assert.Equal([1 / 1.5f, 10 / 1.5f, 9 / 1.5f, 12 / 1.5f], y, (want, got) => Math.Abs(want - got) <= 2e-6f);
    }

    [Fact]
    public void Group_normalisation_in_one_group_is_layer_normalisation_over_everything()
    {
        var context = new CallContext();
        Variable x = context.Constant(Values.Random(5, 2, 3, 4));
        GroupNormalization groups = LayerCheck.Built(new GroupNormalization(1), [2, 3, 4]);
        LayerNormalization layer = LayerCheck.Built(new LayerNormalization(1, 2), [2, 3, 4]);
        Values.Near(layer.Apply(x), groups.Apply(x));
    }

    [Fact]
    public void A_vector_of_zeros_has_no_direction_and_stays_zero()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Values.Of([0, 0, 3, 4], 2, 2));
        Variable y = new UnitNormalization().Apply(x);
        Assert.Equal([0f, 0, 0.6f, 0.8f], Values.Numbers(y));
        VariableOps.Sum(y).Backward();
        Assert.Equal([0f, 0], x.Gradient!.AsSpan()[..2].ToArray());
    }
}
