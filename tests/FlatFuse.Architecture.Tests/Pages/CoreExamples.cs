using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Models;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Core, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class CoreExamples
{
    public static void ActivityRegularizationPage()
    {
        #region docs/layers/activityregularization.md
        var model = new Sequential([Input.Of([20]), new Dense(64, Activation.ReLU),
            new ActivityRegularization(l1: 1e-4), new Dense(1)]);
        #endregion
    }

    public static void DensePage()
    {
        #region docs/layers/dense.md
        var x = Input.Of([3, 2]);                                // (None, 3, 2)
        var layer = new Dense(16, Activation.ReLU);
        SymbolicTensor y = layer.Apply(x);                       // (None, 3, 16)
        int weights = layer.Parameters.Sum(weight => weight.Count); // 2·16 + 16 = 48: one kernel for all 3 positions
        #endregion
    }

    public static void DropoutPage()
    {
        #region docs/layers/dropout.md
        var x = Input.Of([20, 64]);
        SymbolicTensor y = new Dropout(0.5).Apply(x);                                   // each entry by itself
        SymbolicTensor steps = new Dropout(0.2) { NoiseShape = [null, null, 1] }.Apply(x); // whole steps together
        #endregion
    }

    public static void EmbeddingPage()
    {
        #region docs/layers/embedding.md
        var ids = Input.Of([50], name: "words", dtype: DType.Int32);
        SymbolicTensor vectors = new Embedding(10_000, 64) { MaskZero = true }.Apply(ids); // (None, 50, 64)
        SymbolicTensor last = new LSTM(32).Apply(vectors);                                 // skips the padding
        #endregion
    }

    public static void FlattenPage()
    {
        #region docs/layers/flatten.md
        var signal = Input.Of([10, 64]);
        SymbolicTensor row = new Flatten().Apply(signal);        // (None, 640)
        SymbolicTensor y = new Dense(4).Apply(row);              // its kernel has 640 rows: every step has weights of its own
        #endregion
    }

    public static void InputPage()
    {
        #region docs/layers/input.md
        var text = Input.Of([null, 128], name: "text_input");    // any number of steps, 128 features
        var facts = Input.Of([8], name: "facts");
        var fused = new Concatenate().Apply(new LSTM(16).Apply(text), facts);
        var model = new Model([text, facts], new Dense(1).Apply(fused));
        #endregion
    }

    public static void LambdaPage()
    {
        #region docs/layers/lambda.md
        var a = Input.Of([8]);
        var b = Input.Of([8]);
        SymbolicTensor square = new Lambda(x => x * x).Apply(a);                                       // (None, 8)
        SymbolicTensor distance = new Lambda(both => VariableOps.Abs(both[0] - both[1])).Apply(a, b);  // (None, 8)
        #endregion
    }

    public static void MaskingPage()
    {
        #region docs/layers/masking.md
        var x = Input.Of([30, 4]);
        SymbolicTensor real = new Masking(maskValue: -1).Apply(x); // (None, 30, 4), with a mask (None, 30)
        SymbolicTensor last = new LSTM(16).Apply(real);            // padded steps leave its state as it was
        #endregion
    }

    public static void RescalingPage()
    {
        #region docs/layers/rescaling.md
        var image = Input.Of([28, 28, 1]);
        SymbolicTensor small = new Rescaling(1.0 / 255).Apply(image);
        SymbolicTensor centred = new Rescaling(2, offset: -1).Apply(small); // −1 … 1
        SymbolicTensor facts = new Rescaling([0.1, 100], [0, -1]).Apply(Input.Of([2])); // each feature its own
        #endregion
    }

    public static void TimeDistributedPage()
    {
        #region docs/layers/timedistributed.md
        var words = Input.Of([20, 12, 50]);                                 // 20 words of 12 characters
        SymbolicTensor seen = new TimeDistributed(new Conv1D(32, 3)).Apply(words);     // (None, 20, 10, 32)
        SymbolicTensor flat = new TimeDistributed(new Flatten()).Apply(seen);          // (None, 20, 320)
        SymbolicTensor last = new LSTM(64).Apply(flat);                                // (None, 64)
        #endregion
    }
}
