using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Constraints by the names that architecture files give them: a closed table, so that a file can never name code.</summary>
public static class Constraints
{
    /// <summary>Reads a constraint.</summary>
    /// <param name="node">Keras's <c>{"class_name", "config"}</c>, or a name such as <c>"max_norm"</c>.</param>
    /// <exception cref="InvalidDataException">There is no such constraint.</exception>
    public static Constraint FromConfig(JsonNode node)
    {
        (string name, LayerConfig config) = Described.Read(node, "constraint");
        return name switch
        {
            "MaxNorm" or "max_norm" => new MaxNorm(config.Double("max_value", 2), config.IntOrInts("axis", 0)),
            "NonNeg" or "NonNegative" or "non_neg" => new NonNegative(),
            "UnitNorm" or "unit_norm" => new UnitNorm(config.IntOrInts("axis", 0)),
            "MinMaxNorm" or "min_max_norm" => new MinMaxNorm(config.Double("min_value", 0), config.Double("max_value", 1), config.Double("rate", 1), config.IntOrInts("axis", 0)),
            _ => throw new InvalidDataException($"Architecture: there is no constraint '{name}'; known are MaxNorm, NonNeg, UnitNorm, MinMaxNorm."),
        };
    }

    /// <summary>Writes a constraint as <c>{"class_name", "config"}</c>.</summary>
    /// <param name="constraint">One of this library's.</param>
    /// <exception cref="NotSupportedException">It is a class of your own, which no file can name.</exception>
    public static JsonObject ToConfig(Constraint constraint)
    {
        ArgumentNullException.ThrowIfNull(constraint);
        if (constraint is not (NormConstraint or NonNegative))
            throw new NotSupportedException($"Constraint {constraint.ClassName} is a class of your own, and a file can never name code: it cannot be saved. Save the weights alone with SaveWeights and make the model in code.");
        var config = new JsonObject();
        constraint.WriteConfig(config);
        return new JsonObject { ["class_name"] = constraint.ClassName, ["config"] = config };
    }
}
