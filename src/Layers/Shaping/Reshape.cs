using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Gives each sample another shape: (batch, …) becomes (batch, targetShape…), entries in row-major order. One size may be −1 and is
/// computed. Gradient: <c>dx = dy</c> in the input's shape. The mask is dropped. Source: Keras 3, <c>keras.layers.Reshape</c>.
/// </summary>
public sealed class Reshape : Layer
{
    private readonly int[] _target;

    /// <summary>Creates the layer.</summary>
    /// <param name="targetShape">Sizes of one sample, without the batch; at most one −1.</param>
    /// <exception cref="ArgumentException">A size is 0 or below −1, or two are −1.</exception>
    public Reshape(int[] targetShape)
    {
        ArgumentNullException.ThrowIfNull(targetShape);
        _target = [.. targetShape];
        if (_target.Count(size => size == -1) > 1)
            throw new ArgumentException($"Reshape: target shape {Spelled} has more than one -1; only one size can be computed.", nameof(targetShape));
        if (ShapeText.Product([.. _target.Where(size => size > 0)]) > int.MaxValue)
            throw new ArgumentException($"Reshape: target shape {Spelled} has more than 2147483647 entries, the most that one tensor holds. Use smaller sizes.", nameof(targetShape));
        if (_target.Any(size => size is 0 or < -1))
            throw new ArgumentException($"Reshape: target shape {Spelled} has a size below 1; expected sizes of at least 1, or one -1 to be computed.", nameof(targetShape));
    }

    /// <summary>Sizes of one sample, without the batch.</summary>
    public IReadOnlyList<int> TargetShape => _target;

    private string Spelled => Tensors.Shapes.Format(_target);

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Reshape FromConfig(LayerConfig config)
        => new([.. config.Ints("target_shape").Select(size => size ?? -1)]);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        var sizes = new int?[_target.Length + 1];
        sizes[0] = shape[0];
        for (int i = 0; i < _target.Length; i++)
            sizes[i + 1] = _target[i] == -1 ? null : _target[i];
        if (Fits(ShapeText.SampleSize(shape), $"the entries of a sample of {shape}") is not { } count)
            return new SymbolicShape(sizes);

        int unknown = Array.IndexOf(_target, -1);
        long known = _target.Where(size => size != -1).Aggregate(1L, (product, size) => product * size);
        if (unknown >= 0 && count % known != 0)
            throw ShapeError($"{shape} has {count} entries a sample, which is no multiple of {known}: they do not fill {Spelled}. Choose sizes whose product divides {count}.");
        if (unknown < 0 && count != known)
            throw ShapeError($"{shape} has {count} entries a sample, the target shape {Spelled} has {known}. Choose sizes whose product is {count}, or set one to -1.");
        if (unknown >= 0)
            sizes[unknown + 1] = (int)(count / known);
        return new SymbolicShape(sizes);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int[] sizes = [x.Shape[0], .. _target];
        int unknown = Array.IndexOf(_target, -1);
        if (unknown >= 0)
        {
            // The size is counted by sample, so that an empty batch keeps it too.
            int known = 1;
            foreach (int size in _target)
                known *= Math.Abs(size);
            sizes[unknown + 1] = Tensors.Shapes.Count(x.Shape[1..]) / known;
        }
        return VariableOps.Reshape(x, sizes);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("target_shape", LayerConfigReading.ToJson(_target));
}
