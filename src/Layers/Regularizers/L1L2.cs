using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// <c>l1 · Σ |w| + l2 · Σ w²</c>. Gradient: <c>l1 · sign(w) + 2 l2 · w</c>. Source: Keras 3, <c>keras.regularizers.L1L2</c>.
/// </summary>
/// <param name="l1">The factor of the absolute values, 0 or more.</param>
/// <param name="l2">The factor of the squares, 0 or more.</param>
public sealed class L1L2(double l1 = 0, double l2 = 0) : Regularizer
{
    /// <summary>The factor of the absolute values.</summary>
    public double AbsoluteFactor { get; } = Guard.FiniteNotNegative(l1, nameof(L1L2));

    /// <summary>The factor of the squares.</summary>
    public double SquareFactor { get; } = Guard.FiniteNotNegative(l2, nameof(L1L2));

    /// <inheritdoc/>
    public override Variable Penalty(Variable x) => VariableOps.ElasticPenalty(x, AbsoluteFactor, SquareFactor);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["l1"] = AbsoluteFactor;
        config["l2"] = SquareFactor;
    }
}
