using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

public sealed class STFTTests
{
    // float32 keeps 24 bits; entries are at most 1.
    private const double Rounding = 1e-7;

    [Fact]
    public void Without_a_window_a_frame_times_the_kernels_is_its_fourier_transform()
    {
        const int bins = 5, frame = 8;
        Tensor<float> real = Draw(new STFT(STFTSide.Real) { Window = null }, frame, bins), imaginary = Draw(new STFT(STFTSide.Imaginary) { Window = null }, frame, bins);
        for (int t = 0; t < frame; t++)
        {
            for (int f = 0; f < bins; f++)
            {
                System.Numerics.Complex expected = System.Numerics.Complex.Exp(new System.Numerics.Complex(0, -2 * Math.PI * t * f / 8));
                Assert.Equal(expected.Real, real[t, 0, f], Rounding);
                Assert.Equal(expected.Imaginary, imaginary[t, 0, f], Rounding);
            }
        }
    }

    // Bin 0 of the real side is the window itself. Values: SciPy's definitions written out.
    [Theory]
    [InlineData("hann", false, new[] { 0, 0.75, 0.75, 0 })]
    [InlineData("hann", true, new[] { 0, 0.5, 1, 0.5 })]
    [InlineData("hamming", false, new[] { 0.08, 0.77, 0.77, 0.08 })]
    [InlineData("bartlett", false, new[] { 0, 2.0 / 3, 2.0 / 3, 0 })]
    [InlineData("bartlett", true, new[] { 0, 0.5, 1, 0.5 })]
    [InlineData("boxcar", false, new[] { 1.0, 1, 1, 1 })]
    [InlineData("blackman", false, new[] { 0, 0.63, 0.63, 0 })]
    [InlineData("blackmanharris", false, new[] { 6e-5, 0.520575, 0.520575, 6e-5 })]
    [InlineData("nuttall", true, new[] { 0.0003628, 0.2269824, 1, 0.2269824 })]
    [InlineData("flattop", true, new[] { -0.000421053, -0.054736842, 1, -0.054736842 })]
    public void Named_windows_are_scipys(string name, bool periodic, double[] expected)
    {
        Tensor<float> kernel = Draw(new STFT(STFTSide.Real) { Window = STFTWindow.Named(name), Periodic = periodic, Scaling = STFTScaling.None }, 4, 3);
        for (int t = 0; t < 4; t++)
            Assert.Equal(expected[t], kernel[t, 0, 0], 2 * Rounding);
    }

    [Theory]
    [InlineData(STFTScaling.Density, 3.0)]
    [InlineData(STFTScaling.Spectrum, 5.0)]
    [InlineData(STFTScaling.None, 1.0)]
    public void A_window_is_divided_by_its_norm(STFTScaling scaling, double divisor)
    {
        Tensor<float> kernel = Draw(new STFT(STFTSide.Real) { Window = STFTWindow.Of(1, -2, 2), Scaling = scaling }, 3, 2);
        Assert.Equal(-2 / divisor, kernel[1, 0, 0], Rounding);
        Assert.Equal(2 / divisor, kernel[1, 0, 1], Rounding);
    }

    [Theory]
    [InlineData("""{"side":"imag","window":"hamming","periodic":true,"scaling":"spectrum"}""")]
    [InlineData("""{"side":"real","window":null,"periodic":false,"scaling":null}""")]
    [InlineData("""{"side":"real","window":[0.5,1,0.5],"periodic":false,"scaling":"density"}""")]
    public void A_file_keeps_every_option(string config)
    {
        var node = new JsonObject { ["class_name"] = "STFT", ["config"] = JsonNode.Parse(config) };
        Assert.True(JsonNode.DeepEquals(node, Initializers.ToConfig(Initializers.FromConfig(node))));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("(3, 2, 4)", Assert.Throws<ArgumentException>(() => new STFT(STFTSide.Real).Draw(RandomKey.FromSeed(0), [3, 2, 4])).Message);
        Assert.Contains("3 numbers", Assert.Throws<ArgumentException>(() => Draw(new STFT(STFTSide.Real) { Window = STFTWindow.Of(1, 2, 3) }, 4, 3)).Message);
        Assert.Contains("'kaiser'", Assert.Throws<ArgumentException>(() => STFTWindow.Named("kaiser")).Message);
    }

    private static Tensor<float> Draw(STFT initializer, int frameLength, int bins) => initializer.Draw(RandomKey.FromSeed(0), [frameLength, 1, bins]);
}
