using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Noise, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class NoiseExamples
{
    public static void AlphaDropoutPage()
    {
        #region docs/layers/alphadropout.md
        var x = Input.Of([64]);
        SymbolicTensor h = new Dense(64, Activation.SELU) { KernelInitializer = new LecunNormal() }.Apply(x);
        SymbolicTensor y = new AlphaDropout(0.1).Apply(h);
        #endregion
    }

    public static void GaussianDropoutPage()
    {
        #region docs/layers/gaussiandropout.md
        var x = Input.Of([64]);
        SymbolicTensor y = new GaussianDropout(0.3).Apply(x);
        #endregion
    }

    public static void GaussianNoisePage()
    {
        #region docs/layers/gaussiannoise.md
        var x = Input.Of([20, 3]);
        SymbolicTensor y = new GaussianNoise(0.1).Apply(x);
        #endregion
    }

    public static void SpatialDropout1DPage()
    {
        #region docs/layers/spatialdropout1d.md
        var ids = Input.Of([50], dtype: DType.Int32);
        SymbolicTensor vectors = new Embedding(1000, 32).Apply(ids);
        SymbolicTensor y = new SpatialDropout1D(0.2).Apply(vectors); // (None, 50, 32)
        #endregion
    }
}
