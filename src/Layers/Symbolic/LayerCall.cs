namespace FlatFuse.Layers;

/// <summary>One symbolic call of a layer: an edge bundle of the model graph.</summary>
internal sealed class LayerCall
{
    public LayerCall(Layer layer, IReadOnlyList<SymbolicTensor> inputs, int callIndex, CallOptions? options = null)
    {
        Options = options;
        Layer = layer;
        Inputs = inputs;
        CallIndex = callIndex;
    }

    public Layer Layer { get; }

    public IReadOnlyList<SymbolicTensor> Inputs { get; }

    public IReadOnlyList<SymbolicTensor> Outputs { get; internal set; } = [];

    /// <summary>What was asked of this call alone; null for nothing.</summary>
    public CallOptions? Options { get; }

    /// <summary>The how-manieth symbolic call of the layer this is, from 0.</summary>
    public int CallIndex { get; }
}
