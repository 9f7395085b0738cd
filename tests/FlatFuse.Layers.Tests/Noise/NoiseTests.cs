using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>Noise by its statistics: bounds are five standard errors, so a right layer fails by chance once in a million seeds, and the seed is fixed.</summary>
public sealed class NoiseTests
{
    private const int Count = 40_000;

    public static TheoryData<string> Kinds => ["noise", "gaussian dropout", "dropout", "alpha", "spatial"];

    [Fact]
    public void Gaussian_noise_has_mean_0_and_the_given_deviation()
    {
        float[] y = Run(new GaussianNoise(0.5), Tensor.Full(2f, Count, 1));
        CheckMoments(y, mean: 2, deviation: 0.5);
    }

    [Fact]
    public void Gaussian_dropout_has_the_mean_and_the_noise_of_dropout()
    {
        float[] y = Run(new GaussianDropout(0.2), Tensor.Full(2f, Count, 1));
        CheckMoments(y, mean: 2, deviation: 2 * Math.Sqrt(0.2 / 0.8));
    }

    [Fact]
    public void Alpha_dropout_keeps_mean_0_and_variance_1()
    {
        float[] y = Run(new AlphaDropout(0.3), RandomSource.FromSeed(4).Normal(0, 1, Count, 1));
        CheckMoments(y, mean: 0, deviation: 1);
        // The dropped entries all have one value: a·α' + b.
        float dropped = y.GroupBy(value => value).MaxBy(group => group.Count())!.Key;
        Assert.InRange(y.Count(value => value == dropped) / (double)Count, 0.3 - 0.012, 0.3 + 0.012);
    }

    [Fact]
    public void Alpha_dropout_draws_once_along_axes_of_noise_size_1()
    {
        float[] y = Run(new AlphaDropout(0.5) { NoiseShape = [null, 1, 2] }, Tensor.Full(1f, 200, 3, 2));
        // By Keras's formula at x = 1 kept and at α' dropped, in double.
        double dropped = -1.6732632423543772 * 1.0507009873554805, a = 1 / Math.Sqrt(0.5 * (1 + (0.5 * dropped * dropped))), b = -a * dropped * 0.5;
        int kept = 0;
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(y[(i / 6 * 6) + (i % 2)], y[i]);
            bool isKept = Math.Abs(y[i] - (a + b)) < 1e-6;
            Assert.True(isKept || Math.Abs(y[i] - ((a * dropped) + b)) < 1e-6, $"entry {i} is {y[i]}");
            kept += isKept ? 1 : 0;
        }
        // 400 draws of probability 0.5, three entries each: five standard deviations are 50 draws.
        Assert.InRange(kept / 3, 150, 250);
    }

    [Fact]
    public void Spatial_dropout_drops_whole_channels_of_a_sample()
    {
        float[] y = Run(new SpatialDropout1D(0.25), Tensor.Full(3f, 100, 4, 50));
        int kept = 0;
        for (int sample = 0; sample < 100; sample++)
        {
            for (int channel = 0; channel < 50; channel++)
            {
                float first = y[(sample * 200) + channel];
                Assert.True(first is 0f or 4f);
                kept += first == 4f ? 1 : 0;
                for (int step = 1; step < 4; step++)
                    Assert.Equal(first, y[(sample * 200) + (step * 50) + channel]);
            }
        }
        // 5,000 channels: a standard error of 0.006.
        Assert.InRange(kept / 5000.0, 0.75 - 0.03, 0.75 + 0.03);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draws_of_steps_seeds_layers_and_neighbours_are_independent(string kind)
    {
        float[] y = Draw("a", seed: 3, step: 0);
        Independent(y, Draw("a", seed: 3, step: 1));
        Independent(y, Draw("a", seed: 4, step: 0));
        Independent(y, Draw("b", seed: 3, step: 0));
        // Numbers a channel draws together are one number.
        if (kind != "spatial")
            Independent(y[1..], y[..^1]);

        float[] Draw(string name, long seed, ulong step)
        {
            var context = new CallContext(training: true, seed: seed) { Step = step };
            Variable x = context.Constant(Tensor.Full(2f, Count / 4, 1, 4));
            context.Enter(name);
            return Values.Numbers(Make(kind).Apply(x));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_replayed_step_draws_fresh_numbers_and_the_same_step_the_same(string kind)
    {
        Tensor<float> x = Values.Random(1, 4, 5, 6);
        var tape = new Tape();
        var context = new CallContext(training: true, seed: 9) { Tape = tape };
        Variable y = Make(kind).Apply(context.Constant(x));
        float[] first = Values.Numbers(y);
        context.Step = 1;
        tape.Replay();
        Assert.NotEqual(first, Values.Numbers(y));
        context.Step = 0;
        tape.Replay();
        Assert.Equal(first, Values.Numbers(y));
        var again = new CallContext(training: true, seed: 9);
        Assert.Equal(first, Values.Numbers(Make(kind).Apply(again.Constant(x))));
    }

    [Fact]
    public void Two_calls_of_one_layer_draw_different_noise()
    {
        var layer = new GaussianNoise(1);
        var context = new CallContext(training: true);
        Variable x = context.Constant(Tensor.Zeros<float>(2, 3));
        Assert.NotEqual(Values.Numbers(layer.Apply(x)), Values.Numbers(layer.Apply(x)));
    }

    private static Layer Make(string kind) => kind switch
    {
        "noise" => new GaussianNoise(1),
        "gaussian dropout" => new GaussianDropout(0.5),
        "dropout" => new Dropout(0.5),
        "alpha" => new AlphaDropout(0.5),
        _ => new SpatialDropout1D(0.5),
    };

    // The correlation of n independent pairs has a standard error of 1/√n.
    private static void Independent(float[] a, float[] b)
    {
        double meanA = a.Average(value => (double)value), meanB = b.Average(value => (double)value), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        Assert.InRange(ab / Math.Sqrt(aa * bb), -5 / Math.Sqrt(a.Length), 5 / Math.Sqrt(a.Length));
    }

    private static float[] Run(Layer layer, Tensor<float> x)
    {
        var context = new CallContext(training: true, seed: 3);
        return Values.Numbers(layer.Apply(context.Constant(x)));
    }

    private static void CheckMoments(float[] y, double mean, double deviation)
    {
        double average = y.Average(value => (double)value);
        double variance = y.Average(value => (value - average) * (value - average));
        double error = 5 * deviation / Math.Sqrt(y.Length);
        Assert.InRange(average, mean - error, mean + error);
        // A sample deviation has a standard error of about σ / √(2n); heavier tails than the normal's do not occur here.
        Assert.InRange(Math.Sqrt(variance), deviation - error, deviation + error);
    }
}
