using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Shaping, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class ShapingExamples
{
    public static void Cropping1DPage()
    {
        #region docs/layers/cropping1d.md
        var x = Input.Of([20, 3]);
        SymbolicTensor y = new Cropping1D(before: 2, after: 1).Apply(x); // (None, 17, 3)
        #endregion
    }

    public static void PermutePage()
    {
        #region docs/layers/permute.md
        var x = Input.Of([20, 3]);
        SymbolicTensor y = new Permute(2, 1).Apply(x); // (None, 3, 20)
        #endregion
    }

    public static void RepeatVectorPage()
    {
        #region docs/layers/repeatvector.md
        var x = Input.Of([20, 8]);
        SymbolicTensor code = new LSTM(16).Apply(x);                                          // (None, 16)
        SymbolicTensor decoded = new LSTM(8) { ReturnSequences = true }.Apply(new RepeatVector(20).Apply(code)); // (None, 20, 8)
        #endregion
    }

    public static void ReshapePage()
    {
        #region docs/layers/reshape.md
        var x = Input.Of([1568]);
        SymbolicTensor one = new Reshape([1, 1568]).Apply(x);   // (None, 1, 1568)
        SymbolicTensor steps = new Reshape([-1, 32]).Apply(x);  // (None, 49, 32)
        #endregion
    }

    public static void UpSampling1DPage()
    {
        #region docs/layers/upsampling1d.md
        var x = Input.Of([25, 16]);
        SymbolicTensor y = new UpSampling1D(2).Apply(x); // (None, 50, 16)
        #endregion
    }

    public static void ZeroPadding1DPage()
    {
        #region docs/layers/zeropadding1d.md
        var x = Input.Of([20, 3]);
        SymbolicTensor y = new ZeroPadding1D(before: 2, after: 1).Apply(x); // (None, 23, 3)
        #endregion
    }
}
