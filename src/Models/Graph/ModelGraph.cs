using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// The calls that lead from a model's inputs to its outputs, in an order in which they can run. Made once, immutable: later
/// calls of the same layers elsewhere do not change it.
/// </summary>
internal sealed class ModelGraph
{
    public ModelGraph(GraphNode[] nodes, int[] inputs, GraphEdge[] outputs, Layer[] layers, SymbolicTensor[] givenInputs)
    {
        Nodes = nodes;
        InputNodes = inputs;
        Outputs = outputs;
        Layers = layers;
        GivenInputs = givenInputs;
        InputTensors = Array.ConvertAll(inputs, node => nodes[node].Outputs[0]);
        OutputTensors = Array.ConvertAll(outputs, edge => nodes[edge.Node].Outputs[edge.Output]);
    }

    /// <summary>Every node after those it reads.</summary>
    public GraphNode[] Nodes { get; }

    /// <summary>The nodes that receive the model's inputs, in their order.</summary>
    public int[] InputNodes { get; }

    /// <summary>The model's outputs, in their order.</summary>
    public GraphEdge[] Outputs { get; }

    /// <summary>The layers as Keras lists them: by distance from the outputs, farthest first. Each once, inputs included.</summary>
    public Layer[] Layers { get; }

    /// <summary>The inputs as they were given: a tensor from the middle of another model is not the placeholder that stands for it here.</summary>
    public SymbolicTensor[] GivenInputs { get; }

    /// <summary>The placeholders.</summary>
    public SymbolicTensor[] InputTensors { get; }

    public SymbolicTensor[] OutputTensors { get; }

    /// <summary>The calls of one layer, in their order.</summary>
    public IEnumerable<GraphNode> CallsOf(Layer layer)
        => Nodes.Where(node => node.Layer == layer).OrderBy(node => node.CallNumber);

    /// <summary>The outputs' shapes for inputs of other shapes than those the graph was made with.</summary>
    public IReadOnlyList<SymbolicShape> InferShapes(IReadOnlyList<SymbolicShape> inputs)
    {
        var shapes = new IReadOnlyList<SymbolicShape>[Nodes.Length];
        for (int i = 0; i < InputNodes.Length; i++)
            shapes[InputNodes[i]] = [inputs[i]];
        for (int i = 0; i < Nodes.Length; i++)
        {
            if (!Nodes[i].IsInput)
                shapes[i] = Nodes[i].Layer.InferShapes(Array.ConvertAll(Nodes[i].Inputs, edge => shapes[edge.Node][edge.Output]), Nodes[i].Options);
        }
        return Array.ConvertAll(Outputs, edge => shapes[edge.Node][edge.Output]);
    }
}
