using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// Writes a model's architecture as Keras 3's <c>to_json</c> does: every object with the module that its class comes from, the shapes that build each
/// layer, and for each call its arguments. Values equal to Keras's defaults may be left out.
/// </summary>
internal static class Keras3Writer
{
    /// <summary>Writes a model, nested ones included; no weights.</summary>
    public static JsonObject Write(Model model)
    {
        // Refuses, at any depth, what no file can name.
        LayerRegistry.Write(model);
        JsonObject json = WriteModel(model);
        json["compile_config"] = new JsonObject();
        return json;
    }

    private static JsonObject WriteModel(Model model)
    {
        var config = new JsonObject { ["name"] = model.Name, ["trainable"] = !ArchitectureWriter.IsFrozen(model) };
        // Ours, not Keras's, which passes it over.
        if (model.Seed != 0)
            config["seed"] = model.Seed;
        if (model is Sequential sequential)
        {
            AddStack(config, sequential);
            JsonObject stack = Named("keras", "Sequential", config);
            if (model.HasGraph)
                stack["build_config"] = BuiltFor(Shape(model.Inputs[0].Shape));
            return stack;
        }
        AddGraph(config, model.Graph);
        JsonObject graph = Named("keras.src.models.functional", "Functional", config);
        graph["registered_name"] = "Functional";
        graph["build_config"] = BuiltFor(null);
        return graph;
    }

    private static void AddStack(JsonObject config, Sequential model)
    {
        config["dtype"] = DTypePolicy();
        var layers = new JsonArray();
        if (model.HasGraph)
            Append(layers, WriteLayer(model.Inputs[0].Layer, null, null));
        foreach (Layer layer in model.Layers)
            Append(layers, WriteLayer(layer, model.HasGraph ? model.Graph : null, model.HasGraph ? model.Graph.CallsOf(layer).First() : null));
        config["layers"] = layers;
        if (model.HasGraph)
            config["build_input_shape"] = Shape(model.Inputs[0].Shape);
    }

    private static void AddGraph(JsonObject config, ModelGraph graph)
    {
        var layers = new JsonArray();
        foreach (Layer layer in graph.Layers)
        {
            GraphNode[] calls = [.. graph.CallsOf(layer).Where(call => !call.IsInput)];
            JsonObject entry = WriteLayer(layer, graph, calls.FirstOrDefault());
            entry["name"] = layer.Name;
            var inbound = new JsonArray();
            foreach (GraphNode call in calls)
                Append(inbound, Arguments(call, [.. call.Inputs.Select(edge => Placeholder(graph, edge))]));
            entry["inbound_nodes"] = inbound;
            Append(layers, entry);
        }
        config["layers"] = layers;
        config["input_layers"] = References(graph, [.. graph.InputNodes.Select(node => new GraphEdge(node, 0))]);
        config["output_layers"] = References(graph, graph.Outputs);
    }

    private static JsonObject WriteLayer(Layer layer, ModelGraph? graph, GraphNode? call)
    {
        if (layer is Model model)
        {
            JsonObject nested = WriteModel(model);
            nested["compile_config"] = new JsonObject();
            return nested;
        }
        JsonObject json = Translate(LayerRegistry.Write(layer));
        // Keras takes it at the call.
        json["config"]!.AsObject().Remove(AttentionOptions.Causal);
        if (graph is not null && call is not null)
            json["build_config"] = Build(layer, [.. call.Inputs.Select(edge => Tensor(graph, edge).Shape)]);
        return json;
    }

    // The objects inside a configuration: layers in layers, initializers, regularizers, constraints.
    private static JsonObject Translate(JsonObject layer)
    {
        string className = (string)layer["class_name"]!;
        var config = new JsonObject();
        foreach ((string key, JsonNode? value) in layer["config"]!.AsObject())
        {
            switch (key)
            {
                case "batch_input_shape":
                    config["batch_shape"] = value?.DeepClone();
                    break;
                case "trainable":
                    config["trainable"] = value?.DeepClone();
                    config["dtype"] = DTypePolicy();
                    break;
                default:
                    config[key] = TranslateValue(key, value);
                    break;
            }
        }
        if (className == "InputLayer")
            config["ragged"] = false;
        return Named("keras.layers", className, config);
    }

    private static JsonNode? TranslateValue(string key, JsonNode? value) => value switch
    {
        JsonObject function when key.EndsWith("activation", StringComparison.Ordinal)
            => throw new InvalidOperationException($"Architecture: Keras 3 has no file form for the activation {function.ToJsonString()}; expected one that a name says. Write the other dialect, or put a layer that Keras knows in its place."),
        JsonObject inner when inner["class_name"] is not null => ModuleOf(key) is { } module
            ? Named(module, (string)inner["class_name"]!, (JsonObject)inner["config"]!.DeepClone())
            : Translate(inner),
        JsonArray list when list.Any(item => item is JsonObject) => new JsonArray([.. list.Select(item => TranslateValue(key, item))]),
        _ => value?.DeepClone(),
    };

    private static string? ModuleOf(string key)
        => key.EndsWith("_initializer", StringComparison.Ordinal) ? "keras.initializers"
            : key.EndsWith("_regularizer", StringComparison.Ordinal) ? "keras.regularizers"
            : key.EndsWith("_constraint", StringComparison.Ordinal) ? "keras.constraints"
            : null;

    // Merging layers and models take one list; recurrent layers take their states by name; MultiHeadAttention takes each by itself.
    private static JsonObject Arguments(GraphNode call, JsonNode[] inputs)
    {
        Layer layer = call.Layer;
        var arguments = new JsonArray();
        var named = new JsonObject();
        if (inputs.Length > 1 && TakesStates(layer))
        {
            Append(arguments, inputs[0]);
            named["initial_state"] = new JsonArray(inputs[1..]);
        }
        else if (inputs.Length > 1 && layer is CategoryEncoding)
        {
            Append(arguments, inputs[0]);
            named["count_weights"] = inputs[1];
        }
        else if (layer is MultiHeadAttention || (inputs.Length == 1 && layer is not Merge))
        {
            foreach (JsonNode input in inputs)
                Append(arguments, input);
        }
        else
        {
            Append(arguments, new JsonArray(inputs));
        }
        if (call.Options?.UseCausalMask ?? layer is Attention { UseCausalMask: true } or MultiHeadAttention { UseCausalMask: true })
            named[AttentionOptions.Causal] = true;
        if (call.Options is { ReturnAttentionScores: true })
            named[AttentionOptions.Scores] = true;
        return new JsonObject { ["args"] = arguments, ["kwargs"] = named };
    }

    private static JsonObject Build(Layer layer, SymbolicShape[] inputs)
    {
        if (inputs.Length == 1 && layer is not Merge)
            return BuiltFor(Shape(inputs[0]));
        JsonNode[] shapes = [.. inputs.Select(Shape)];
        if (TakesStates(layer))
            return ByName(("sequences_shape", shapes[0]), ("initial_state_shape", new JsonArray(shapes[1..])));
        if (layer is CategoryEncoding)
            return BuiltFor(shapes[0]);
        if (layer is MultiHeadAttention)
            return shapes.Length > 2 ? ByName(("query_shape", shapes[0]), ("value_shape", shapes[1]), ("key_shape", shapes[2])) : ByName(("query_shape", shapes[0]), ("value_shape", shapes[1]));
        return BuiltFor(new JsonArray(shapes));

        static JsonObject ByName(params ReadOnlySpan<(string Key, JsonNode Shape)> shapes)
        {
            var inner = new JsonObject();
            foreach ((string key, JsonNode shape) in shapes)
                inner[key] = shape;
            return new JsonObject { ["shapes_dict"] = inner };
        }
    }

    private static bool TakesStates(Layer layer) => layer is RecurrentLayer or Bidirectional;

    private static JsonObject BuiltFor(JsonNode? shape) => new() { ["input_shape"] = shape };

    private static JsonObject Named(string module, string className, JsonObject config)
        => new() { ["module"] = module, ["class_name"] = className, ["config"] = config, ["registered_name"] = null };

    private static JsonObject DTypePolicy() => Named("keras", "DTypePolicy", new JsonObject { ["name"] = "float32" });

    private static JsonObject Placeholder(ModelGraph graph, GraphEdge edge)
    {
        SymbolicTensor tensor = Tensor(graph, edge);
        return new JsonObject
        {
            ["class_name"] = "__keras_tensor__",
            ["config"] = new JsonObject
            {
                ["shape"] = Shape(tensor.Shape),
                ["dtype"] = tensor.DType == DType.Int32 ? "int32" : "float32",
                ["keras_history"] = Reference(graph, edge),
            },
        };
    }

    private static SymbolicTensor Tensor(ModelGraph graph, GraphEdge edge) => graph.Nodes[edge.Node].Outputs[edge.Output];

    // A single one stands without the outer list.
    private static JsonArray References(ModelGraph graph, GraphEdge[] edges)
        => edges.Length == 1 ? Reference(graph, edges[0]) : new JsonArray([.. edges.Select(edge => Reference(graph, edge))]);

    private static JsonArray Reference(ModelGraph graph, GraphEdge edge)
        => new(graph.Nodes[edge.Node].Layer.Name, graph.Nodes[edge.Node].CallNumber, edge.Output);

    private static JsonArray Shape(SymbolicShape shape)
    {
        var sizes = new JsonArray();
        foreach (int? size in shape)
            sizes.Add((JsonNode?)size);
        return sizes;
    }

    // JsonArray.Add<T> needs reflection; with a node it does not.
    private static void Append(JsonArray array, JsonNode node) => array.Add(node);
}
