using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class DropoutTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(1);

    [Fact]
    public void Kept_elements_are_scaled_and_the_share_of_dropped_ones_is_the_rate()
    {
        var context = new CallContext(training: true);
        float[] y = VariableOps.Dropout(context.Constant(Tensor.Full(1f, 10_000)), 0.25, Key).Value.ToArray();
        Assert.All(y, value => Assert.True(value is 0f or (float)(1.0 / 0.75)));
        // Binomial, standard deviation 43 of 10,000: four of them.
        Assert.InRange(y.Count(value => value == 0f), 2500 - 173, 2500 + 173);
    }

    [Fact]
    public void A_noise_shape_drops_whole_axes_together()
    {
        var context = new CallContext(training: true);
        Tensor<float> y = VariableOps.Dropout(context.Constant(Tensor.Full(1f, 2, 50, 8)), 0.5, Key, 2, 1, 8).Value;
        for (int step = 1; step < 50; step++)
            Assert.Equal(y[.., 0, ..].ToArray(), y[.., step, ..].ToArray());
        Assert.Contains(0f, y.ToArray());
        Assert.Contains(2f, y.ToArray());
    }

    [Fact]
    public void Outside_training_or_at_rate_zero_it_is_the_value_itself()
    {
        Variable predicted = new CallContext().Leaf(Tensor.Zeros<float>(3)), trained = new CallContext(training: true).Leaf(Tensor.Zeros<float>(3));
        Assert.Same(predicted, VariableOps.Dropout(predicted, 0.5, Key));
        Assert.Same(trained, VariableOps.Dropout(trained, 0, Key));
    }

    [Fact]
    public void Replay_draws_the_mask_of_the_step()
    {
        float[] third = Draw(step: 3);
        Assert.NotEqual(third, Draw(step: 4));

        var tape = new Tape();
        var context = new CallContext(new Arena(poison: true), training: true) { Tape = tape, Step = 1 };
        Variable y = VariableOps.Dropout(context.Constant(Tensor.Full(1f, 100)), 0.5, Key);
        context.Step = 3;
        tape.Replay();
        Assert.Equal(third, y.Value.ToArray());
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_rate_outside_its_range_is_refused(double rate)
    {
        Variable x = new CallContext(training: true).Leaf(Tensor.Zeros<float>(3));
        Assert.Contains("expected 0 ≤ rate ≤ 1", Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.Dropout(x, rate, Key)).Message);
    }

    [Fact]
    public void A_noise_shape_larger_than_the_value_is_refused()
    {
        Variable x = new CallContext(training: true).Leaf(Tensor.Zeros<float>(1, 3));
        Assert.StartsWith("Dropout: the noise shape is larger than x, left (1, 3) × right (2, 3)", Assert.Throws<ArgumentException>(() => VariableOps.Dropout(x, 0.5, Key, 2, 3)).Message);
    }

    private static float[] Draw(ulong step)
    {
        var context = new CallContext(training: true) { Step = step };
        return VariableOps.Dropout(context.Constant(Tensor.Full(1f, 100)), 0.5, Key).Value.ToArray();
    }
}
