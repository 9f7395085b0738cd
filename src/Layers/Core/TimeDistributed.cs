using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Applies a layer to every step: (batch, steps, …) is seen as (batch·steps, …), the layer works on it, and the steps come back.
/// A mask (batch, steps) passes; one with more axes goes into the layer, and a step of the output is real when any part of it was.
/// Gradient: the layer's. Source: Keras 3, <c>keras.layers.TimeDistributed</c>.
/// </summary>
public sealed class TimeDistributed : Layer
{
    /// <summary>Creates the wrapper.</summary>
    /// <param name="layer">Applied to every step, with one set of weights.</param>
    public TimeDistributed(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer;
        Sublayers = [layer];
    }

    /// <summary>The layer applied to every step.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Layer> Sublayers { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    /// <param name="readLayer">Reads the layer inside.</param>
    public static TimeDistributed FromConfig(LayerConfig config, Func<JsonObject, Layer> readLayer)
        => config.Json["layer"] is JsonObject inner
            ? new TimeDistributed(readLayer(inner))
            : throw new InvalidDataException($"Architecture: TimeDistributed '{config.Name}' has no 'layer' in its config.");

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank < 3)
            throw ShapeError($"expected (batch, steps, …), at least rank 3; got {shape}. Apply {Layer.ClassName} itself, or add Reshape([steps, features]) in front.");
        IReadOnlyList<SymbolicShape> outputs = Layer.InferShapes([new SymbolicShape([null, .. shape.Skip(2)])]);
        return outputs.Count == 1
            ? new SymbolicShape([shape[0], shape[1], .. outputs[0].Skip(1)])
            : throw ShapeError($"{Layer.ClassName} '{Layer.Name}' has {outputs.Count} outputs; expected a layer with one.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int batch = x.Shape[0], steps = x.Shape[1];
        Variable? mask = inputs[0].Mask;
        Variable? inside = mask is { Rank: > 2 } ? Merged(mask) : null;
        Variable y = Layer.Invoke([new LayerValue(Merged(x), inside)], context)[0].Variable;
        return new LayerValue(VariableOps.Reshape(y, [batch, steps, .. y.Shape[1..]]), mask is null ? null : StepMask(mask, batch, steps));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("layer", LayerRegistry.Write(Layer));

    private static Variable Merged(Variable x) => VariableOps.Reshape(x, [x.Shape[0] * x.Shape[1], .. x.Shape[2..]]);

    private static Variable StepMask(Variable mask, int batch, int steps)
        => mask.Rank == 2
            ? mask
            : VariableOps.Max(VariableOps.Reshape(mask, batch, steps, Tensors.Shapes.Count(mask.Shape[2..])), 2);
}
