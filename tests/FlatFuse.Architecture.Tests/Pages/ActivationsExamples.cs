using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Activations, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class ActivationsExamples
{
    public static void ActivationPage()
    {
        #region docs/layers/activation.md
        var x = Input.Of([64]);
        SymbolicTensor h = new Dense(32, Activation.GELU).Apply(x);     // fused into the layer
        SymbolicTensor y = new Activation(Activation.Tanh).Apply(h);    // a layer of its own
        #endregion
    }

    public static void ELUPage()
    {
        #region docs/layers/elu.md
        var x = Input.Of([64]);
        SymbolicTensor y = new ELU(alpha: 0.5).Apply(x);
        #endregion
    }

    public static void LeakyReLUPage()
    {
        #region docs/layers/leakyrelu.md
        var x = Input.Of([64]);
        SymbolicTensor y = new LeakyReLU(negativeSlope: 0.1).Apply(x);
        #endregion
    }

    public static void PReLUPage()
    {
        #region docs/layers/prelu.md
        var x = Input.Of([100, 16]);
        SymbolicTensor y = new PReLU { SharedAxes = [1] }.Apply(x); // one slope a channel: alpha (1, 16)
        #endregion
    }

    public static void ReLUPage()
    {
        #region docs/layers/relu.md
        var x = Input.Of([64]);
        SymbolicTensor y = new ReLU { MaxValue = 6, NegativeSlope = 0.1 }.Apply(x);
        #endregion
    }

    public static void SoftmaxPage()
    {
        #region docs/layers/softmax.md
        var x = Input.Of([20, 5]);
        SymbolicTensor y = new Softmax().Apply(x);          // over the 5 classes of each step
        SymbolicTensor z = new Softmax(1).Apply(x);         // over the 20 steps
        SymbolicTensor w = new Softmax(1, 2).Apply(x);      // over all 100 numbers of a sample
        #endregion
    }
}
