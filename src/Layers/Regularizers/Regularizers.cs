using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Regularizers by the names that architecture files give them: a closed table, so that a file can never name code.</summary>
public static class Regularizers
{
    /// <summary>Reads a regularizer.</summary>
    /// <param name="node">Keras's <c>{"class_name", "config"}</c>, or a name such as <c>"l2"</c>.</param>
    /// <exception cref="InvalidDataException">There is no such regularizer.</exception>
    public static Regularizer FromConfig(JsonNode node)
    {
        (string name, LayerConfig config) = Described.Read(node, "regularizer");
        return name switch
        {
            "L1" or "l1" => new L1(config.Double("l1", 0.01)),
            "L2" or "l2" => new L2(config.Double("l2", 0.01)),
            "L1L2" or "l1_l2" or "l1l2" => new L1L2(config.Double("l1", 0), config.Double("l2", 0)),
            "OrthogonalRegularizer" or "orthogonal_regularizer" => new OrthogonalRegularizer(config.Double("factor", 0.01), config.Text("mode", "rows") switch
            {
                "rows" => false,
                "columns" => true,
                string other => throw new InvalidDataException($"Architecture: OrthogonalRegularizer has mode '{other}'; expected rows or columns."),
            }),
            _ => throw new InvalidDataException($"Architecture: there is no regularizer '{name}'; known are L1, L2, L1L2, OrthogonalRegularizer."),
        };
    }

    /// <summary>Writes a regularizer as <c>{"class_name", "config"}</c>.</summary>
    /// <param name="regularizer">One of this library's.</param>
    /// <exception cref="NotSupportedException">It is a class of your own, which no file can name.</exception>
    public static JsonObject ToConfig(Regularizer regularizer)
    {
        ArgumentNullException.ThrowIfNull(regularizer);
        if (regularizer is not (L1 or L2 or L1L2 or OrthogonalRegularizer))
            throw new NotSupportedException($"Regularizer {regularizer.ClassName} is a class of your own, and a file can never name code: it cannot be saved. Save the weights alone with SaveWeights and make the model in code.");
        var config = new JsonObject();
        regularizer.WriteConfig(config);
        return new JsonObject { ["class_name"] = regularizer.ClassName, ["config"] = config };
    }
}
