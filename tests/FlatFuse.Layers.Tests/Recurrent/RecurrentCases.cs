namespace FlatFuse.Layers.Tests;

/// <summary>Rows of the recurrent layers but the LSTM.</summary>
public static class RecurrentCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "GRU", Make = () => new GRU(3), Inputs = [[2, 4, 2]], Output = [2, 3], Parameters = 3 * 3 * (2 + 3 + 2),
            Refuses = ([[null, 8]], ["GRU", "(None, 8)", "(batch, steps, features)", "Reshape([1, 8])"]),
        },
        new()
        {
            Name = "GRU sequences, reset before", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 3 * 2 * (2 + 2 + 1), Mask = MaskRule.Passes,
            Make = () => new GRU(2) { ReturnSequences = true, ResetAfter = false, GoBackwards = true, RecurrentActivation = Activation.Tanh, Dropout = 0.25 },
            Refuses = ([[null, 4, null]], ["(None, 4, None) = (batch, steps, features)", "undefined"]),
        },
        new()
        {
            Name = "GRU with recurrent dropout", Inputs = [[2, 3, 2], [2, 2]], Output = [2, 3, 2], Parameters = 3 * 2 * (2 + 2), Mask = MaskRule.Passes,
            Make = () => new GRU(2) { ReturnSequences = true, RecurrentDropout = 0.5, UseBias = false },
            Refuses = ([[null, 4, 2], [null, 3]], ["initial state h", "(None, 3)", "(None, 2) = (batch, units)"]),
        },
        new()
        {
            Name = "SimpleRNN", Make = () => new SimpleRNN(3), Inputs = [[2, 4, 2]], Output = [2, 3], Parameters = 3 * (2 + 3 + 1),
            Refuses = ([[null, 3, 4, 2]], ["SimpleRNN", "(None, 3, 4, 2)", "TimeDistributed"]),
        },
        new()
        {
            Name = "SimpleRNN sequences", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 2 * (2 + 2), Mask = MaskRule.Passes,
            Make = () => new SimpleRNN(2) { ReturnSequences = true, UseBias = false, GoBackwards = true, Activation = Activation.GELU, RecurrentDropout = 0.25, Dropout = 0.25 },
            Refuses = ([[null, 4, 2], [null, 2], [null, 2]], ["two", "initial state h", "got 3"]),
        },
        new()
        {
            Name = "Bidirectional", Make = () => new Bidirectional(new LSTM(2)), Inputs = [[2, 3, 2]], Output = [2, 4], Parameters = 2 * 4 * 2 * (2 + 2 + 1),
            Refuses = ([[null, 8]], ["'forward_lstm'", "(None, 8)", "(batch, steps, features)"]),
        },
        new()
        {
            Name = "Bidirectional sequences", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 2 * 3 * 2 * (2 + 2 + 2), Mask = MaskRule.Passes,
            Make = () => new Bidirectional(new GRU(2) { ReturnSequences = true }, MergeMode.Average),
            Refuses = ([[null, 3, null]], ["'forward_gru'", "(None, 3, None)", "undefined"]),
        },
        new()
        {
            Name = "Bidirectional with initial states", Inputs = [[2, 3, 2], [2, 2], [2, 2]], Output = [2, 2], Parameters = 2 * 2 * (2 + 2 + 1),
            Make = () => new Bidirectional(new SimpleRNN(2) { Dropout = 0.25 }, MergeMode.Multiply),
            Refuses = ([[null, 3, 2], [null, 2]], ["as many initial states for the forward as for the backward", "got 2"]),
        },
        new()
        {
            Name = "RNN", Make = () => new RNN(new SimpleRNNCell(3)), Inputs = [[2, 4, 2]], Output = [2, 3], Parameters = 3 * (2 + 3 + 1),
            Refuses = ([[null, 8]], ["RNN", "(None, 8)", "(batch, steps, features)"]),
        },
        new()
        {
            Name = "RNN sequences", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 2 * (2 + 2), Mask = MaskRule.Passes,
            Make = () => new RNN(new SimpleRNNCell(2) { UseBias = false, Activation = Activation.Softmax }) { ReturnSequences = true, GoBackwards = true },
            Refuses = ([[null, 4, null]], ["(None, 4, None) = (batch, steps, features)", "undefined"]),
        },
        new()
        {
            Name = "GRUCell", Make = () => new GRUCell(2), Inputs = [[2, 3], [2, 2]], Output = [2, 2], Parameters = 3 * 2 * (3 + 2 + 2),
            Refuses = ([[null, 3]], ["[input, 1 states]", "RNN"]),
        },
        new()
        {
            Name = "GRUCell reset before", Make = () => new GRUCell(2) { ResetAfter = false, RecurrentActivation = Activation.Tanh }, Inputs = [[2, 3], [2, 2]], Output = [2, 2], Parameters = 3 * 2 * (3 + 2 + 1),
            Refuses = ([[null, 3], [null, 3]], ["state 0", "(None, 3)", "(None, 2)"]),
        },
        new()
        {
            Name = "LSTMCell", Make = () => new LSTMCell(2), Inputs = [[2, 3], [2, 2], [2, 2]], Output = [2, 2], Parameters = 4 * 2 * (3 + 2 + 1),
            Refuses = ([[null, null], [null, 2], [null, 2]], ["(None, None)", "(batch, features)"]),
        },
        new()
        {
            Name = "SimpleRNNCell", Make = () => new SimpleRNNCell(3), Inputs = [[2, 4], [2, 3]], Output = [2, 3], Parameters = 3 * (4 + 3 + 1),
            Refuses = ([[null, 5, 4], [null, 3]], ["(None, 5, 4)", "RNN"]),
        },
    ];
}
