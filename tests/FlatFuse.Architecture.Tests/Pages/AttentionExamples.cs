using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Attention, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class AttentionExamples
{
    public static void AdditiveAttentionPage()
    {
        #region docs/layers/additiveattention.md
        var question = Input.Of([10, 32]);
        var text = Input.Of([50, 32]);
        SymbolicTensor seen = new AdditiveAttention().Apply(question, text); // (None, 10, 32)
        #endregion
    }

    public static void AttentionPage()
    {
        #region docs/layers/attention.md
        var question = Input.Of([10, 32]);
        var text = Input.Of([50, 32]);
        SymbolicTensor seen = new Attention().Apply(question, text); // (None, 10, 32)
        #endregion
    }

    public static void MultiHeadAttentionPage()
    {
        #region docs/layers/multiheadattention.md
        var x = Input.Of([20, 64]);
        SymbolicTensor seen = new MultiHeadAttention(numHeads: 4, keyDim: 16).Apply(x, x); // self-attention: (None, 20, 64)
        SymbolicTensor y = new LayerNormalization().Apply(new Add().Apply(x, seen));
        #endregion
    }
}
