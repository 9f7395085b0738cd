using FlatFuse.Layers;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the pages about src/Layers/Recurrent, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class RecurrentExamples
{
    public static void BidirectionalPage()
    {
        #region docs/layers/bidirectional.md
        var x = Input.Of([50, 32]);
        SymbolicTensor both = new Bidirectional(new LSTM(64)).Apply(x);                                            // (None, 128)
        SymbolicTensor sum = new Bidirectional(new GRU(64) { ReturnSequences = true }, MergeMode.Sum).Apply(x);    // (None, 50, 64)
        #endregion
    }

    public static void GRUPage()
    {
        #region docs/layers/gru.md
        var x = Input.Of([20, 8]);
        SymbolicTensor last = new GRU(32).Apply(x);                            // (None, 32)
        SymbolicTensor all = new GRU(32) { ReturnSequences = true }.Apply(x);  // (None, 20, 32)
        #endregion
    }

    public static void GRUCellPage()
    {
        #region docs/layers/grucell.md
        var x = Input.Of([20, 8]);
        SymbolicTensor last = new RNN(new GRUCell(16)).Apply(x); // (None, 16)
        var step = new GRUCell(16).ApplyMany(Input.Of([8]), Input.Of([16])); // output and next state
        #endregion
    }

    public static void LSTMPage()
    {
        #region docs/layers/lstm.md
        var words = Input.Of([50, 128]);
        SymbolicTensor last = new LSTM(100).Apply(words);                             // (None, 100)
        SymbolicTensor all = new LSTM(100) { ReturnSequences = true }.Apply(words);   // (None, 50, 100)
        var encoder = new LSTM(32) { ReturnState = true }.ApplyMany(words);           // output, h, c
        SymbolicTensor next = new LSTM(32).Apply(words, encoder[1], encoder[2]);      // begins with these states
        #endregion
    }

    public static void LSTMCellPage()
    {
        #region docs/layers/lstmcell.md
        var x = Input.Of([20, 8]);
        SymbolicTensor last = new RNN(new LSTMCell(16)).Apply(x); // (None, 16)
        var step = new LSTMCell(16).ApplyMany(Input.Of([8]), Input.Of([16]), Input.Of([16])); // output and next states
        #endregion
    }

    public static void RNNPage()
    {
        #region docs/layers/rnn.md
        var x = Input.Of([20, 8]);
        var layer = new RNN(new SimpleRNNCell(16) { Activation = Activation.Softmax }) { ReturnSequences = true };
        SymbolicTensor all = layer.Apply(x); // (None, 20, 16)
        #endregion
    }

    public static void SimpleRNNPage()
    {
        #region docs/layers/simplernn.md
        var x = Input.Of([20, 8]);
        SymbolicTensor last = new SimpleRNN(16).Apply(x);                                        // (None, 16)
        SymbolicTensor all = new SimpleRNN(16) { ReturnSequences = true, GoBackwards = true }.Apply(x); // (None, 20, 16)
        #endregion
    }

    public static void SimpleRNNCellPage()
    {
        #region docs/layers/simplernncell.md
        var x = Input.Of([8]);
        var h = Input.Of([16]);
        var step = new SimpleRNNCell(16).ApplyMany(x, h); // output and next state, (None, 16) each
        #endregion
    }
}
