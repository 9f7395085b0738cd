namespace FlatFuse.Autograd;

/// <summary>What an LSTM computes.</summary>
/// <param name="Output">(batch, steps, units) in processing order with <see cref="LSTMOptions.ReturnSequences"/>, else <paramref name="LastH"/> itself.</param>
/// <param name="LastH">h after the last step, (batch, units).</param>
/// <param name="LastC">c after the last step, (batch, units).</param>
public readonly record struct LSTMResult(Variable Output, Variable LastH, Variable LastC);
