namespace FlatFuse.Autograd;

/// <summary>What a recurrent operation with one state computes.</summary>
/// <param name="Output">(batch, steps, units) in processing order when sequences are returned, else <paramref name="LastH"/> itself.</param>
/// <param name="LastH">h after the last step, (batch, units).</param>
public readonly record struct RecurrentResult(Variable Output, Variable LastH);
