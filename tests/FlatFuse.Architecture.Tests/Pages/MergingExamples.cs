using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Merging, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class MergingExamples
{
    public static void AddPage()
    {
        #region docs/layers/add.md
        var series = Input.Of([10, 1]);
        var facts = Input.Of([5]);
        SymbolicTensor y = new Add().Apply(new LSTM(32).Apply(series), new Dense(32).Apply(facts)); // (None, 32)
        #endregion
    }

    public static void AveragePage()
    {
        #region docs/layers/average.md
        var series = Input.Of([10, 1]);
        var facts = Input.Of([5]);
        SymbolicTensor y = new Average().Apply(new LSTM(32).Apply(series), new Dense(32).Apply(facts)); // (None, 32)
        #endregion
    }

    public static void ConcatenatePage()
    {
        #region docs/layers/concatenate.md
        var text = Input.Of([50, 128]);
        var signal = Input.Of([100, 64]);
        SymbolicTensor a = new LSTM(100).Apply(text);                               // (None, 100)
        SymbolicTensor b = new Flatten().Apply(new Conv1D(64, 3).Apply(signal));    // (None, 6272)
        SymbolicTensor fused = new Concatenate().Apply(a, b);                       // (None, 6372)
        #endregion
    }

    public static void DotPage()
    {
        #region docs/layers/dot.md
        var user = Input.Of([64]);
        var item = Input.Of([64]);
        SymbolicTensor cosine = new Dot(axes: -1) { Normalize = true }.Apply(user, item); // (None, 1)
        #endregion
    }

    public static void MaximumPage()
    {
        #region docs/layers/maximum.md
        var series = Input.Of([10, 1]);
        var facts = Input.Of([5]);
        SymbolicTensor y = new Maximum().Apply(new LSTM(32).Apply(series), new Dense(32).Apply(facts)); // (None, 32)
        #endregion
    }

    public static void MinimumPage()
    {
        #region docs/layers/minimum.md
        var series = Input.Of([10, 1]);
        var facts = Input.Of([5]);
        SymbolicTensor y = new Minimum().Apply(new LSTM(32).Apply(series), new Dense(32).Apply(facts)); // (None, 32)
        #endregion
    }

    public static void MultiplyPage()
    {
        #region docs/layers/multiply.md
        var x = Input.Of([32]);
        SymbolicTensor gate = new Dense(32, Activation.Sigmoid).Apply(x);
        SymbolicTensor y = new Multiply().Apply(x, gate); // (None, 32)
        #endregion
    }

    public static void SubtractPage()
    {
        #region docs/layers/subtract.md
        var series = Input.Of([10, 1]);
        var facts = Input.Of([5]);
        SymbolicTensor y = new Subtract().Apply(new LSTM(32).Apply(series), new Dense(32).Apply(facts)); // (None, 32)
        #endregion
    }
}
