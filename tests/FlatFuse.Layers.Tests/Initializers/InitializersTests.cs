using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

public sealed class InitializersTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(11);

    public static TheoryData<Initializer, double, double> Distributions => new()
    {
        // Standard deviation and bound for a (300, 200) kernel.
        { new GlorotUniform(), Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) },
        { new GlorotNormal(), Math.Sqrt(2.0 / 500), 2 * Math.Sqrt(2.0 / 500) / 0.87962566103423978 },
        { new HeUniform(), Math.Sqrt(2.0 / 300), Math.Sqrt(6.0 / 300) },
        { new HeNormal(), Math.Sqrt(2.0 / 300), 2 * Math.Sqrt(2.0 / 300) / 0.87962566103423978 },
        { new LecunUniform(), Math.Sqrt(1.0 / 300), Math.Sqrt(3.0 / 300) },
        { new LecunNormal(), Math.Sqrt(1.0 / 300), 2 * Math.Sqrt(1.0 / 300) / 0.87962566103423978 },
        { new RandomNormal(0, 0.05), 0.05, double.PositiveInfinity },
        { new RandomUniform(), 0.1 / Math.Sqrt(12), 0.05 },
        { new TruncatedNormal(), 0.05 * 0.87962566103423978, 0.1 },
        { new VarianceScaling(3, FanMode.FanOut, FanDistribution.UntruncatedNormal), Math.Sqrt(3.0 / 200), double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Mean_deviation_and_bounds_are_those_of_Keras(Initializer initializer, double deviation, double bound)
    {
        float[] draws = Draw(initializer, 300, 200);
        double mean = draws.Average(value => (double)value);
        double variance = draws.Average(value => (value - mean) * (value - mean));
        // 60,000 draws: the mean's standard error is deviation/245, the deviation's at most deviation/346; five of each.
        Assert.InRange(mean, -deviation / 49, deviation / 49);
        Assert.InRange(Math.Sqrt(variance), deviation * (1 - 5.0 / 346), deviation * (1 + 5.0 / 346));
        // Rounding to float may step over the bound by one part in 2²⁴.
        Assert.All(draws, value => Assert.True(Math.Abs(value) <= bound * (1 + 1e-7)));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Draws_of_other_keys_and_of_neighbours_are_independent(Initializer initializer, double deviation, double bound)
    {
        Assert.True(deviation < bound);
        float[] draws = Draw(initializer, 300, 200), others = initializer.Draw(RandomKey.FromSeed(12), [300, 200]).AsSpan().ToArray();
        // The means are 0, so the mean product over the variance is the correlation; 60,000 pairs: a standard error of 1/245, five of them.
        Assert.InRange(MeanProduct(draws, others) / (deviation * deviation), -5.0 / 245, 5.0 / 245);
        Assert.InRange(MeanProduct(draws[1..], draws[..^1]) / (deviation * deviation), -5.0 / 245, 5.0 / 245);
        Assert.InRange(MeanProduct(draws[200..], draws[..^200]) / (deviation * deviation), -5.0 / 245, 5.0 / 245);
    }

    [Fact]
    public void Fans_of_a_convolution_count_its_receptive_field()
    {
        // (5, 20, 30): fan_in 100, fan_out 150.
        Assert.InRange(Draw(new HeUniform(), 5, 20, 30).Max(), 0.99 * Math.Sqrt(6.0 / 100), Math.Sqrt(6.0 / 100));
        Assert.InRange(Draw(new GlorotUniform(), 5, 20, 30).Max(), 0.99 * Math.Sqrt(6.0 / 250), Math.Sqrt(6.0 / 250));
        Assert.InRange(Draw(new GlorotUniform(), 5000).Max(), 0.99 * Math.Sqrt(6.0 / 10000), Math.Sqrt(6.0 / 10000));
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(9, 4)]
    [InlineData(4, 16)]
    [InlineData(1, 4)]
    [InlineData(64, 256)]
    public void Orthogonal_rows_or_columns_are_orthonormal(int rows, int columns)
    {
        float[] q = Draw(new Orthogonal(), rows, columns);
        bool wide = rows < columns;
        int vectors = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < vectors; i++)
        {
            for (int j = 0; j < vectors; j++)
            {
                double dot = 0;
                for (int k = 0; k < length; k++)
                    dot += wide ? (double)q[i * columns + k] * q[j * columns + k] : (double)q[k * columns + i] * q[k * columns + j];
                // Entries are rounded to float: at most length products, each off by 2⁻²⁴ of values whose squares add up to 1.
                Assert.InRange(dot - (i == j ? 1 : 0), -1e-6, 1e-6);
            }
        }
    }

    [Fact]
    public void Orthogonal_is_uniform_in_sign_and_keeps_its_gain()
    {
        int positive = 0;
        for (int i = 0; i < 200; i++)
        {
            float value = new Orthogonal(2).Draw(Key.Derive((ulong)i), [1, 1])[0, 0];
            Assert.Equal(2f, MathF.Abs(value), 1e-6f);
            positive += value > 0 ? 1 : 0;
        }
        // The sign of R's diagonal makes it fair: 200 draws, five standard deviations are 35.
        Assert.InRange(positive, 65, 135);
    }

    [Fact]
    public void Constants_and_the_identity_are_what_they_say()
    {
        Assert.All(Draw(new Zeros(), 3, 4), value => Assert.Equal(0f, value));
        Assert.All(Draw(new Ones(), 3, 4), value => Assert.Equal(1f, value));
        Assert.All(Draw(new Constant(-0.5), 3), value => Assert.Equal(-0.5f, value));
        Assert.Equal([2f, 0, 0, 0, 2, 0], Draw(new Identity(2), 2, 3));
        Assert.Throws<ArgumentException>(() => Draw(new Identity(), 3));
        Assert.Throws<ArgumentException>(() => Draw(new Orthogonal(), 3));
    }

    [Fact]
    public void The_forget_quarter_of_an_LSTM_begins_with_ones()
    {
        LSTM lstm = LayerCheck.Built(new LSTM(3), [1, 2, 2]);
        Assert.Equal([0f, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], lstm.Parameters[2].Value.AsSpan().ToArray());
        LSTM plain = LayerCheck.Built(new LSTM(3) { UnitForgetBias = false }, [1, 2, 2]);
        Assert.All(plain.Parameters[2].Value.AsSpan().ToArray(), value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void The_same_key_gives_the_same_bits_and_another_key_others(Initializer initializer, double deviation, double bound)
    {
        Assert.True(deviation < bound);
        Assert.Equal(Draw(initializer, 5, 6), Draw(initializer, 5, 6));
        Assert.NotEqual(Draw(initializer, 5, 6), initializer.Draw(Key.Derive("other"), [5, 6]).AsSpan().ToArray());
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void What_is_saved_is_read_again(Initializer initializer, double deviation, double bound)
    {
        Assert.True(deviation < bound);
        string written = Initializers.ToConfig(initializer).ToJsonString();
        Initializer read = Initializers.FromConfig(JsonNode.Parse(written)!);
        Assert.IsType(initializer.GetType(), read);
        Assert.Equal(written, Initializers.ToConfig(read).ToJsonString());
        Assert.Equal(Draw(initializer, 5, 6), Draw(read, 5, 6));
    }

    [Fact]
    public void Names_of_Keras_are_understood_and_unknown_ones_listed()
    {
        Assert.IsType<GlorotUniform>(Initializers.FromConfig(JsonValue.Create("glorot_uniform")));
        Assert.IsType<RandomUniform>(Initializers.FromConfig(JsonValue.Create("uniform")));
        var tfjs = (VarianceScaling)Initializers.FromConfig(JsonNode.Parse("""{"class_name":"VarianceScaling","config":{"scale":1,"mode":"fan_avg","distribution":"normal","seed":null}}""")!);
        Assert.Equal((FanMode.FanAverage, FanDistribution.TruncatedNormal), (tfjs.Mode, tfjs.Distribution));
        var error = Assert.Throws<InvalidDataException>(() => Initializers.FromConfig(JsonValue.Create("glorot")));
        Assert.Contains("'glorot'", error.Message);
        Assert.Contains("GlorotUniform", error.Message);
    }

    private static float[] Draw(Initializer initializer, params ReadOnlySpan<int> shape) => initializer.Draw(Key, shape).AsSpan().ToArray();

    private static double MeanProduct(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Average();
}
