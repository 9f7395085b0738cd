using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>One call of a layer inside a model, or one of the model's inputs.</summary>
internal sealed class GraphNode
{
    public GraphNode(Layer layer, GraphEdge[] inputs, IReadOnlyList<SymbolicTensor> outputs, int callNumber, bool isInput, CallOptions? options)
    {
        Options = options;
        Layer = layer;
        Inputs = inputs;
        Outputs = outputs;
        CallNumber = callNumber;
        IsInput = isInput;
    }

    public Layer Layer { get; }

    public GraphEdge[] Inputs { get; }

    public IReadOnlyList<SymbolicTensor> Outputs { get; }

    /// <summary>What was asked of this call alone; null for nothing.</summary>
    public CallOptions? Options { get; }

    /// <summary>The how-manieth call of its layer in this model, from 0: other models' calls of the layer do not count.</summary>
    public int CallNumber { get; }

    public bool IsInput { get; }
}
