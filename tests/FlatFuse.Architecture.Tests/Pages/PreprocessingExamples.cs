using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Preprocessing, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class PreprocessingExamples
{
    public static void CategoryEncodingPage()
    {
        #region docs/layers/categoryencoding.md
        var colour = Input.Of([1], dtype: DType.Int32);
        SymbolicTensor hot = new CategoryEncoding(5, CategoryMode.OneHot).Apply(colour);     // (None, 5)
        var words = Input.Of([30], dtype: DType.Int32);
        SymbolicTensor counts = new CategoryEncoding(1000, CategoryMode.Count).Apply(words); // (None, 1000)
        var relevance = Input.Of([30]);
        SymbolicTensor weighted = new CategoryEncoding(1000, CategoryMode.Count).Apply(words, relevance);
        #endregion
    }

    public static void DiscretizationPage()
    {
        #region docs/layers/discretization.md
        var age = Input.Of([1]);
        SymbolicTensor group = new Discretization([18, 40, 65]).Apply(age);                                          // 0, 1, 2 or 3
        SymbolicTensor hot = new Discretization([18, 40, 65]) { OutputMode = CategoryMode.OneHot }.Apply(age);      // (None, 4)
        #endregion
    }

    public static void NormalizationPage()
    {
        #region docs/layers/normalization.md
        Tensor<float> facts = Tensor.From(new float[,] { { 1, 10 }, { 3, 30 } });
        var layer = new Normalization();
        layer.Adapt(facts);                                      // means 2 and 20, variances 1 and 100
        SymbolicTensor y = layer.Apply(Input.Of([2]));           // (None, 2)
        SymbolicTensor back = new Normalization { Mean = [2, 20], Variance = [1, 100], Invert = true }.Apply(y);
        #endregion
    }
}
