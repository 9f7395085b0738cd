using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Reorders the axes of each sample: axis i of the output is axis <c>dims[i]</c> of the input, counted from 1 behind the batch.
/// The mask is dropped. Gradient: dy with the order undone. Source: Keras 3, <c>keras.layers.Permute</c>.
/// </summary>
public sealed class Permute : Layer
{
    private readonly int[] _order;

    /// <summary>Creates the layer.</summary>
    /// <param name="dims">The axes 1 … n in their new order.</param>
    /// <exception cref="ArgumentException">It is no permutation of 1 … n.</exception>
    public Permute(params int[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        if (!dims.Order().SequenceEqual(Enumerable.Range(1, dims.Length)))
            throw new ArgumentException($"Permute: dims {Tensors.Shapes.Format(dims)} are no order of the axes 1 … {dims.Length}; the batch, axis 0, stays.", nameof(dims));
        _order = [0, .. dims];
    }

    /// <summary>The axes 1 … n in their new order.</summary>
    public IReadOnlyList<int> Dims => _order[1..];

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Permute FromConfig(LayerConfig config) => new([.. config.Ints("dims").Select(axis => axis ?? 0)]);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return shape.Rank == _order.Length
            ? new SymbolicShape([.. _order.Select(axis => shape[axis])])
            : throw ShapeError($"dims {Tensors.Shapes.Format(_order.AsSpan(1))} order {_order.Length - 1} axes behind the batch; got {shape}, which has {shape.Rank - 1}.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => VariableOps.Transpose(inputs[0].Variable, _order);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("dims", LayerConfigReading.ToJson(_order.AsSpan(1)));
}
