using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Divides each sample's entries along <see cref="Axis"/> together by the root of their mean square: <c>y = x / √(mean(x²) + ε) · scale</c>.
/// Any shape, unchanged; the mask passes. scale has the sizes of the normalised axes. Gradient: see <see cref="VariableOps.RMSNormalization"/>.
/// Source: Zhang and Sennrich (2019); Keras 3, <c>keras.layers.RMSNormalization</c>.
/// </summary>
public sealed class RMSNormalization : Layer
{
    private static readonly Initializer StandardScale = new Ones();

    private readonly int[] _axes;
    private int[] _sizes = [];
    private Parameter? _scale;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Axes to normalise over together, the batch counted as 0; the last one when none is given. Not 0.</param>
    public RMSNormalization(params ReadOnlySpan<int> axis) => _axes = axis.IsEmpty ? [-1] : axis.ToArray();

    /// <summary>Axes that are normalised together.</summary>
    public IReadOnlyList<int> Axis => _axes;

    /// <summary>ε: added to the mean square, inside the root.</summary>
    public double Epsilon { get; init => field = Guard.FiniteNotNegative(value, nameof(RMSNormalization), "epsilon"); } = 1e-6;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static RMSNormalization FromConfig(LayerConfig config) => new(config.IntOrInts("axis", -1))
    {
        Epsilon = config.Double("epsilon", 1e-6),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        int[] axes = NormalizedAxes.Of(_axes, shape.Rank) ?? throw ShapeError(NormalizedAxes.Problem(_axes, shape));
        for (int i = 0; i < axes.Length; i++)
        {
            if (shape[axes[i]] is not { } size)
                throw ShapeError($"axis {axes[i]} of {shape} is undefined, but the scale has an entry for each of its indices. Give the input a defined size there.");
            if (_sizes.Length > 0 && _sizes[i] != size)
                throw ShapeError($"it was made for sizes {Tensors.Shapes.Format(_sizes)}; got {shape}. Use a second RMSNormalization.");
        }
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = inputShapes[0];
        _sizes = Array.ConvertAll(NormalizedAxes.Of(_axes, shape.Rank)!, axis => shape[axis]!.Value);
        _scale = AddWeight("scale", Array.ConvertAll(_axes, axis => shape[axis]!.Value), StandardScale);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int[] axes = NormalizedAxes.Of(_axes, x.Rank)!;
        return inputs[0].With(NormalizedAxes.Run(x, axes, rows => VariableOps.RMSNormalization(rows, _scale, axes.Length, Epsilon)));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("axis", _axes.Length == 1 ? _axes[0] : LayerConfigReading.ToJson(_axes));
        config.Set("epsilon", Epsilon);
    }
}
