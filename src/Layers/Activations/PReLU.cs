using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// A rectifier with learned slopes: <c>y = x</c> for x &gt; 0, else <c>alpha · x</c>. Any shape of rank 2 or more, unchanged; the mask passes.
/// alpha has the input's shape without the batch, 1 on <see cref="SharedAxes"/>. Gradient: <c>dx = dy</c> or <c>alpha·dy</c>; <c>dalpha = Σ x·dy</c> where
/// x &lt; 0. Source: He et al. (2015); Keras 3, <c>keras.layers.PReLU</c>.
/// </summary>
public sealed class PReLU : Layer
{
    private static readonly Initializer StandardAlpha = new Zeros();

    private Parameter? _alpha;

    /// <summary>Axes along which one slope serves all positions, the batch counted as 0; none unless set.</summary>
    public IReadOnlyList<int> SharedAxes { get; init; } = [];

    /// <summary>Draws the slopes: zeros unless set.</summary>
    public Initializer AlphaInitializer { get; init; } = StandardAlpha;

    /// <summary>Penalises the slopes; none when null.</summary>
    public Regularizer? AlphaRegularizer { get => RegularizerOf("alpha"); init => SetRegularizer("alpha", value); }

    /// <summary>Bounds the slopes after each update; none when null.</summary>
    public Constraint? AlphaConstraint { get => ConstraintOf("alpha"); init => SetConstraint("alpha", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static PReLU FromConfig(LayerConfig config) => new()
    {
        SharedAxes = config.Json["shared_axes"] is null ? [] : config.IntOrInts("shared_axes", 0),
        AlphaInitializer = config.Initializer("alpha_initializer", StandardAlpha),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (NormalizedAxes.Of([.. SharedAxes], shape.Rank) is not { } shared)
            throw ShapeError($"{shape} has no axes {Tensors.Shapes.Format([.. SharedAxes])} to share slopes along; expected different axes of 1 … {shape.Rank - 1}, without the batch.");
        for (int axis = 1; axis < shape.Rank; axis++)
        {
            if (shared.Contains(axis))
                continue;
            if (shape[axis] is not { } size)
                throw ShapeError($"axis {axis} of {shape} is undefined, but each of its indices has a slope. Give the input a defined size there, or share the slopes along it: SharedAxes = [{axis}].");
            if (_alpha is not null && (_alpha.Rank != shape.Rank - 1 || _alpha.Shape[axis - 1] != size))
                throw ShapeError($"its slopes {Tensors.Shapes.Format(_alpha.Shape)} were made for another shape; got {shape}. Use a second PReLU.");
        }
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = inputShapes[0];
        int[] shared = NormalizedAxes.Of([.. SharedAxes], shape.Rank)!;
        var sizes = new int[shape.Rank - 1];
        for (int axis = 1; axis < shape.Rank; axis++)
            sizes[axis - 1] = shared.Contains(axis) ? 1 : shape[axis]!.Value;
        _alpha = AddWeight("alpha", sizes, AlphaInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        Variable below = VariableOps.Activate(-x, ActivationKind.ReLU);
        return inputs[0].With(VariableOps.Activate(x, ActivationKind.ReLU) - (below * _alpha!));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("shared_axes", SharedAxes.Count == 0 ? null : LayerConfigReading.ToJson([.. SharedAxes]));
        config.SetInitializer("alpha_initializer", AlphaInitializer, StandardAlpha);
    }
}
