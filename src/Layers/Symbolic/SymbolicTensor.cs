namespace FlatFuse.Layers;

/// <summary>A placeholder for the values that will flow here: shape, declared type and the call that makes it.</summary>
public sealed class SymbolicTensor
{
    internal SymbolicTensor(SymbolicShape shape, DType dtype, LayerCall producer, int index)
    {
        Shape = shape;
        DType = dtype;
        Producer = producer;
        Index = index;
    }

    /// <summary>The shape, batch first; null sizes are unknown.</summary>
    public SymbolicShape Shape { get; }

    /// <summary>The declared element type.</summary>
    public DType DType { get; }

    /// <summary>The layer that makes it.</summary>
    public Layer Layer => Producer.Layer;

    internal LayerCall Producer { get; }

    /// <summary>Which of the layer's outputs.</summary>
    internal int Index { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Layer.Name} {Shape}";
}
