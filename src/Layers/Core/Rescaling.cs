using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = x · scale + offset</c>, with one scale and offset for all entries or one for each index of the last axis. Any shape; the mask passes.
/// Gradient: <c>dx = scale · dy</c>. Source: Keras 3, <c>keras.layers.Rescaling</c>.
/// </summary>
public sealed class Rescaling : Layer
{
    private readonly double[] _scale;
    private readonly double[] _offset;

    /// <summary>Creates the layer.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="offset">Added afterwards.</param>
    public Rescaling(double scale, double offset = 0)
        : this([scale], [offset])
    {
    }

    /// <summary>Creates a layer with numbers for each feature.</summary>
    /// <param name="scale">One factor, or one for each index of the last axis.</param>
    /// <param name="offset">Added afterwards: as many, or one, or null for 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
    /// <exception cref="ArgumentException">There are none, or two different numbers of them.</exception>
    public Rescaling(IReadOnlyList<double> scale, IReadOnlyList<double>? offset = null)
    {
        ArgumentNullException.ThrowIfNull(scale);
        _scale = Checked(scale, nameof(scale));
        _offset = Checked(offset ?? [0], nameof(offset));
        if (_scale.Length != _offset.Length && _scale.Length != 1 && _offset.Length != 1)
            throw new ArgumentException($"Rescaling: there are {_scale.Length} factors and {_offset.Length} offsets; expected as many of both, or one.", nameof(offset));
    }

    /// <summary>The factor, or the factors of the features.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>Added afterwards: one number, or one a feature.</summary>
    public IReadOnlyList<double> Offset => _offset;

    // Null where the numbers are the same for all.
    private int? Features => _scale.Length > 1 ? _scale.Length : _offset.Length > 1 ? _offset.Length : null;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; lists of several axes are not supported.</param>
    public static Rescaling FromConfig(LayerConfig config)
        => new(config.Json["scale"] is { } scale ? Numbers.Read("scale", scale) : [1], config.Json["offset"] is { } offset ? Numbers.Read("offset", offset) : [0]);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (Features is { } features && (shape.Rank < 2 || shape[-1] != features))
            throw ShapeError($"it has {_scale.Length} factors and {_offset.Length} offsets, one for each index of the last axis; got {shape}. Give it an input whose last axis is {features}.");
        return shape;
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        return inputs[0].With(Features is null
            ? VariableOps.Affine(x, (float)_scale[0], (float)_offset[0])
            : (x * Constant(_scale, context)) + Constant(_offset, context));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("scale", Numbers.Write(Scale));
        config.Set("offset", Numbers.Write(Offset));
    }

    private static Variable Constant(double[] numbers, CallContext context)
    {
        Tensor<float> tensor = context.Allocator.Allocate(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
            tensor.AsSpan()[i] = (float)numbers[i];
        return context.Constant(tensor);
    }

    private static double[] Checked(IReadOnlyList<double> numbers, string name)
        => numbers.Count > 0
            ? [.. numbers.Select(number => Guard.Finite(number, nameof(Rescaling), name))]
            : throw new ArgumentException($"Rescaling: {name} has no numbers; expected one, or one a feature.", name);
}
