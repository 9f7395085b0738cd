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

    /// <summary>The variable that carries this value's mask: itself, or another of the same value where it carries a different mask already.</summary>
    /// <param name="shared">True when others hold the variable too, who gave it no mask.</param>
    /// <param name="context">The pass.</param>
    internal Variable Carrying(bool shared, CallContext context)
    {
        if (ReferenceEquals(Variable.Companion, Mask))
            return Variable;
        Variable carrier = shared || Variable.Companion is not null || Variable.Context is null ? VariableOps.InContext(Variable, context) : Variable;
        carrier.Companion = Mask;
        return carrier;
    }

    /// <summary>A value under the mask that it carries (<see cref="VariableMasks"/>), or without one.</summary>
    /// <param name="variable">The value.</param>
    public static implicit operator LayerValue(Variable variable) => new(variable, variable?.Companion);
}
