using System.Text.Json.Nodes;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// Writes a model's architecture, by default as Keras 2 and tfjs do: layers with their configurations, and for each call of a layer the
/// <c>[layer, call, output]</c> that feed it. A nested model's calls count from 1 there, since making it counts as call 0.
/// </summary>
public static class ArchitectureWriter
{
    /// <summary>Writes a model, nested ones included; no weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dialect">How it is spelled.</param>
    /// <returns>An object with <c>class_name</c> and <c>config</c>.</returns>
    /// <exception cref="NotSupportedException">A layer is of a class of your own, or its work is code: no file can name it.</exception>
    public static JsonObject Write(Model model, ArchitectureDialect dialect = ArchitectureDialect.Keras2)
    {
        ArgumentNullException.ThrowIfNull(model);
        return dialect == ArchitectureDialect.Keras3 ? Keras3Writer.Write(model) : LayerRegistry.Write(model);
    }

    /// <summary>Whether a model is frozen as a whole: on reading, a frozen model freezes all that is inside.</summary>
    internal static bool IsFrozen(Model model)
        => !model.Trainable && !(model.HasGraph && model.Weights.Any(weight => weight.Parameter.Trainable));

    /// <summary>Adds what a model's configuration holds.</summary>
    /// <param name="config">With the name.</param>
    /// <param name="model">The model.</param>
    internal static void Fill(JsonObject config, Model model)
    {
        config.Remove("trainable");
        if (IsFrozen(model))
            config["trainable"] = false;
        // Ours, not Keras's: dropout after loading draws from the same seed, beginning again at step 0. Shuffling has a seed of its own, in FitOptions.
        if (model.Seed != 0)
            config["seed"] = model.Seed;
        if (model is Sequential sequential)
            AddStack(config, sequential);
        else
            AddGraph(config, model.Graph);
    }

    private static void AddStack(JsonObject config, Sequential model)
    {
        var layers = new JsonArray();
        if (model.HasGraph)
            Append(layers, LayerRegistry.Write(model.Inputs[0].Layer));
        foreach (Layer layer in model.Layers)
            Append(layers, LayerRegistry.Write(layer));
        config["layers"] = layers;
    }

    private static void AddGraph(JsonObject config, ModelGraph graph)
    {
        var layers = new JsonArray();
        foreach (Layer layer in graph.Layers)
        {
            JsonObject entry = LayerRegistry.Write(layer);
            entry["name"] = layer.Name;
            var calls = new JsonArray();
            foreach (GraphNode call in graph.CallsOf(layer).Where(call => !call.IsInput))
            {
                var feeds = new JsonArray();
                foreach (GraphEdge edge in call.Inputs)
                {
                    JsonArray reference = Reference(graph, edge);
                    Append(reference, feeds.Count == 0 ? Options(call.Options) : new JsonObject());
                    Append(feeds, reference);
                }
                Append(calls, feeds);
            }
            entry["inbound_nodes"] = calls;
            Append(layers, entry);
        }
        config["layers"] = layers;
        config["input_layers"] = References(graph, graph.InputNodes.Select(node => new GraphEdge(node, 0)));
        config["output_layers"] = References(graph, graph.Outputs);
    }

    // Keras 2 writes what a call was asked for behind its first tensor.
    private static JsonObject Options(CallOptions? options)
    {
        var written = new JsonObject();
        if (options?.UseCausalMask is { } isCausal)
            written[AttentionOptions.Causal] = isCausal;
        if (options is { ReturnAttentionScores: true })
            written[AttentionOptions.Scores] = true;
        return written;
    }

    private static JsonArray References(ModelGraph graph, IEnumerable<GraphEdge> edges)
    {
        var references = new JsonArray();
        foreach (GraphEdge edge in edges)
            Append(references, Reference(graph, edge));
        return references;
    }

    private static JsonArray Reference(ModelGraph graph, GraphEdge edge)
    {
        GraphNode node = graph.Nodes[edge.Node];
        return new JsonArray(node.Layer.Name, node.CallNumber + (node.Layer is Model ? 1 : 0), edge.Output);
    }

    // JsonArray.Add<T> needs reflection; with a node it does not.
    private static void Append(JsonArray array, JsonNode node) => array.Add(node);
}
