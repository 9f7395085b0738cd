using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary><c>l2 · Σ w²</c>: keeps weights small. Gradient: <c>2 l2 · w</c>. Source: Keras 3, <c>keras.regularizers.L2</c>.</summary>
/// <param name="l2">The factor, 0 or more.</param>
public sealed class L2(double l2 = 0.01) : Regularizer
{
    /// <summary>The factor.</summary>
    public double Factor { get; } = Guard.FiniteNotNegative(l2, nameof(L2));

    /// <inheritdoc/>
    public override Variable Penalty(Variable x) => VariableOps.ElasticPenalty(x, 0, Factor);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["l2"] = Factor;
}
