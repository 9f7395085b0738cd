using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Convolution, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class ConvolutionExamples
{
    public static void AveragePooling1DPage()
    {
        #region docs/layers/averagepooling1d.md
        var x = Input.Of([100, 16]);
        SymbolicTensor y = new AveragePooling1D(2).Apply(x); // (None, 50, 16)
        #endregion
    }

    public static void AveragePooling2DPage()
    {
        #region docs/layers/averagepooling2d.md
        var x = Input.Of([28, 28, 16]);
        SymbolicTensor y = new AveragePooling2D(2).Apply(x); // (None, 14, 14, 16)
        #endregion
    }

    public static void Conv1DPage()
    {
        #region docs/layers/conv1d.md
        var x = Input.Of([100, 64]);
        SymbolicTensor y = new Conv1D(32, kernelSize: 3, Activation.ReLU).Apply(x);                        // (None, 98, 32)
        SymbolicTensor z = new Conv1D(32, 5) { Padding = Padding.Same, Strides = 2 }.Apply(x);  // (None, 50, 32)
        SymbolicTensor past = new Conv1D(32, 2) { Padding = Padding.Causal, DilationRate = 4 }.Apply(x); // (None, 100, 32)
        #endregion
    }

    public static void Conv1DTransposePage()
    {
        #region docs/layers/conv1dtranspose.md
        var x = Input.Of([25, 16]);
        SymbolicTensor y = new Conv1DTranspose(8, 4) { Strides = 2, Padding = Padding.Same }.Apply(x); // (None, 50, 8)
        #endregion
    }

    public static void Conv2DPage()
    {
        #region docs/layers/conv2d.md
        var image = Input.Of([28, 28, 1]);
        SymbolicTensor a = new Conv2D(16, 3, Activation.ReLU).Apply(image);                                       // (None, 26, 26, 16)
        SymbolicTensor b = new Conv2D(8, (5, 3)) { Padding = Padding.Same, Strides = (2, 1) }.Apply(a); // (None, 13, 26, 8)
        #endregion
    }

    public static void DepthwiseConv1DPage()
    {
        #region docs/layers/depthwiseconv1d.md
        var x = Input.Of([100, 8]);
        SymbolicTensor y = new DepthwiseConv1D(3) { DepthMultiplier = 2 }.Apply(x); // (None, 98, 16)
        #endregion
    }

    public static void GlobalAveragePooling1DPage()
    {
        #region docs/layers/globalaveragepooling1d.md
        var x = Input.Of([100, 16]);
        SymbolicTensor y = new GlobalAveragePooling1D().Apply(x); // (None, 16)
        #endregion
    }

    public static void GlobalAveragePooling2DPage()
    {
        #region docs/layers/globalaveragepooling2d.md
        var x = Input.Of([28, 28, 16]);
        SymbolicTensor y = new GlobalAveragePooling2D().Apply(x); // (None, 16)
        #endregion
    }

    public static void GlobalMaxPooling1DPage()
    {
        #region docs/layers/globalmaxpooling1d.md
        var x = Input.Of([100, 16]);
        SymbolicTensor y = new GlobalMaxPooling1D().Apply(x); // (None, 16)
        #endregion
    }

    public static void GlobalMaxPooling2DPage()
    {
        #region docs/layers/globalmaxpooling2d.md
        var x = Input.Of([28, 28, 16]);
        SymbolicTensor y = new GlobalMaxPooling2D().Apply(x); // (None, 16)
        #endregion
    }

    public static void MaxPooling1DPage()
    {
        #region docs/layers/maxpooling1d.md
        var x = Input.Of([100, 16]);
        SymbolicTensor y = new MaxPooling1D(2).Apply(x); // (None, 50, 16)
        #endregion
    }

    public static void MaxPooling2DPage()
    {
        #region docs/layers/maxpooling2d.md
        var x = Input.Of([28, 28, 16]);
        SymbolicTensor y = new MaxPooling2D(2).Apply(x); // (None, 14, 14, 16)
        #endregion
    }

    public static void SeparableConv1DPage()
    {
        #region docs/layers/separableconv1d.md
        var x = Input.Of([100, 32]);
        var layer = new SeparableConv1D(64, 5, Activation.ReLU);
        SymbolicTensor y = layer.Apply(x);                          // (None, 96, 64)
        int weights = layer.Parameters.Sum(weight => weight.Count); // 5·32 + 32·64 + 64 = 2,272; a Conv1D has 10,304
        #endregion
    }
}
