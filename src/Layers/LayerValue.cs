using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>What travels between layers: a value, and the mask that says which steps are real, or none.</summary>
/// <param name="Variable">The value.</param>
/// <param name="Mask">(batch, steps) of 1 and 0, 0 where a step is padding; null when all are real. No gradient flows into it.</param>
public readonly record struct LayerValue(Variable Variable, Variable? Mask = null)
{
    /// <summary>A new value under the same mask.</summary>
    /// <param name="variable">The value.</param>
    public LayerValue With(Variable variable) => new(variable, Mask);

    /// <summary>A value without a mask.</summary>
    /// <param name="variable">The value.</param>
    public static implicit operator LayerValue(Variable variable) => new(variable);
}
