using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>What training asks of one weight beside making the loss small.</summary>
/// <param name="Parameter">The weight.</param>
/// <param name="Regularizer">Adds to the loss; null for nothing.</param>
/// <param name="Constraint">Brings the weight back after each update; null for nothing.</param>
internal sealed record WeightRule(Parameter Parameter, Regularizer? Regularizer, Constraint? Constraint);
