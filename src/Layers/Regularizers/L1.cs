using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary><c>l1 · Σ |w|</c>: drives weights to 0. Gradient: <c>l1 · sign(w)</c>. Source: Keras 3, <c>keras.regularizers.L1</c>.</summary>
/// <param name="l1">The factor, 0 or more.</param>
public sealed class L1(double l1 = 0.01) : Regularizer
{
    /// <summary>The factor.</summary>
    public double Factor { get; } = Guard.FiniteNotNegative(l1, nameof(L1));

    /// <inheritdoc/>
    public override Variable Penalty(Variable x) => VariableOps.ElasticPenalty(x, Factor, 0);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["l1"] = Factor;
}
