using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Normalization, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class NormalizationExamples
{
    public static void BatchNormalizationPage()
    {
        #region docs/layers/batchnormalization.md
        var x = Input.Of([100, 32]);
        SymbolicTensor h = new Conv1D(64, 3) { UseBias = false }.Apply(x);
        SymbolicTensor y = new Activation(Activation.ReLU).Apply(new BatchNormalization().Apply(h)); // (None, 98, 64)
        #endregion
    }

    public static void GroupNormalizationPage()
    {
        #region docs/layers/groupnormalization.md
        var x = Input.Of([100, 64]);
        SymbolicTensor y = new GroupNormalization(groups: 8).Apply(x); // (None, 100, 64): 8 channels a group
        #endregion
    }

    public static void LayerNormalizationPage()
    {
        #region docs/layers/layernormalization.md
        var x = Input.Of([20, 64]);
        SymbolicTensor y = new LayerNormalization().Apply(x);      // over the features of each step
        SymbolicTensor z = new LayerNormalization(1, 2).Apply(x);  // over steps and features together
        #endregion
    }

    public static void RMSNormalizationPage()
    {
        #region docs/layers/rmsnormalization.md
        var x = Input.Of([20, 64]);
        SymbolicTensor y = new RMSNormalization().Apply(x);
        #endregion
    }

    public static void UnitNormalizationPage()
    {
        #region docs/layers/unitnormalization.md
        var x = Input.Of([64]);
        SymbolicTensor y = new UnitNormalization().Apply(x); // every row has length 1
        #endregion
    }
}
