using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Divides the channels into groups and brings each sample's entries of one group, over all positions, to mean 0 and variance 1:
/// <c>y = (x − mean) / √(variance + ε) · gamma + beta</c>. Rank 3 or more as a rule, unchanged; the mask passes. gamma and beta are (channels).
/// Gradient: that of a layer normalisation over each group. Source: Wu and He (2018); Keras 3, <c>keras.layers.GroupNormalization</c>.
/// </summary>
public sealed class GroupNormalization : Layer
{
    private static readonly Initializer StandardGamma = new Ones();
    private static readonly Initializer StandardBeta = new Zeros();

    private Parameter? _gamma;
    private Parameter? _beta;
    private int? _channels;

    /// <summary>Creates the layer.</summary>
    /// <param name="groups">Into how many groups the channels are divided evenly; −1 for one a channel.</param>
    /// <param name="axis">Where the channels lie, the batch counted as 0; −1 is the last. Not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number of groups, or <paramref name="axis"/> is 0.</exception>
    public GroupNormalization(int groups = 32, int axis = -1)
    {
        Groups = groups == -1 ? groups : Guard.Positive(groups, nameof(GroupNormalization));
        Axis = axis != 0
            ? axis
            : throw new ArgumentOutOfRangeException(nameof(axis), "GroupNormalization: axis is 0, the batch; expected the axis of the channels such as 1 or -1.");
    }

    /// <summary>Into how many groups the channels are divided; −1 for one a channel.</summary>
    public int Groups { get; }

    /// <summary>Where the channels lie.</summary>
    public int Axis { get; }

    /// <summary>ε: added to the variance, inside the root.</summary>
    public double Epsilon { get; init => field = Guard.FiniteNotNegative(value, nameof(GroupNormalization), "epsilon"); } = 1e-3;

    /// <summary>False to leave beta out.</summary>
    public bool Center { get; init; } = true;

    /// <summary>False to leave gamma out.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>Draws gamma: ones unless set.</summary>
    public Initializer GammaInitializer { get; init; } = StandardGamma;

    /// <summary>Draws beta: zeros unless set.</summary>
    public Initializer BetaInitializer { get; init; } = StandardBeta;

    /// <summary>Penalises gamma; none when null.</summary>
    public Regularizer? GammaRegularizer { get => RegularizerOf("gamma"); init => SetRegularizer("gamma", value); }

    /// <summary>Bounds gamma after each update; none when null.</summary>
    public Constraint? GammaConstraint { get => ConstraintOf("gamma"); init => SetConstraint("gamma", value); }

    /// <summary>Penalises beta; none when null.</summary>
    public Regularizer? BetaRegularizer { get => RegularizerOf("beta"); init => SetRegularizer("beta", value); }

    /// <summary>Bounds beta after each update; none when null.</summary>
    public Constraint? BetaConstraint { get => ConstraintOf("beta"); init => SetConstraint("beta", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GroupNormalization FromConfig(LayerConfig config) => new(config.OptionalInt("groups") ?? 32, config.OptionalInt("axis") ?? -1)
    {
        Epsilon = config.Double("epsilon", 1e-3),
        Center = config.Bool("center", true),
        Scale = config.Bool("scale", true),
        GammaInitializer = config.Initializer("gamma_initializer", StandardGamma),
        BetaInitializer = config.Initializer("beta_initializer", StandardBeta),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (Axis >= shape.Rank || Axis <= -shape.Rank)
            throw ShapeError($"{shape} has no axis {Axis} for the channels; expected 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1.");
        if (shape[Axis] is not { } channels)
            throw ShapeError($"axis {Axis} of {shape} is undefined, but each of its indices has a gamma and a beta. Give the input a defined size there.");
        if (Groups > 0 && channels % Groups != 0)
            throw ShapeError($"{channels} channels on axis {Axis} of {shape} do not divide into {Groups} groups; expected a number that divides {channels}, or -1 for one group a channel.");
        if (_channels is { } known && known != channels)
            throw ShapeError($"it was made for {known} channels; got {shape}. Use a second GroupNormalization.");
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int channels = inputShapes[0][Axis]!.Value;
        _channels = channels;
        if (Scale)
            _gamma = AddWeight("gamma", [channels], GammaInitializer);
        if (Center)
            _beta = AddWeight("beta", [channels], BetaInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => inputs[0].With(NormalizedAxes.Run(inputs[0].Variable, [Axis < 0 ? Axis + inputs[0].Variable.Rank : Axis], Normalize));

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("groups", Groups);
        config.Set("axis", Axis);
        config.Set("epsilon", Epsilon);
        config.Set("center", Center);
        config.Set("scale", Scale);
        config.SetInitializer("gamma_initializer", GammaInitializer, StandardGamma);
        config.SetInitializer("beta_initializer", BetaInitializer, StandardBeta);
    }

    // Channels last: (batch, positions, groups, members) becomes (batch, groups, positions, members), whose last two axes are one row.
    private Variable Normalize(Variable x)
    {
        int batch = x.Shape[0], channels = x.Shape[^1], groups = Groups < 0 ? channels : Groups;
        int positions = Shapes.Count(x.Shape[1..^1]);
        Variable parts = VariableOps.Transpose(VariableOps.Reshape(x, batch, positions, groups, channels / groups), 0, 2, 1, 3);
        Variable normal = VariableOps.Transpose(VariableOps.LayerNormalization(parts, gamma: null, beta: null, axes: 2, Epsilon), 0, 2, 1, 3);
        Variable y = VariableOps.Reshape(normal, x.Shape);
        if (_gamma is not null)
            y *= _gamma;
        return _beta is null ? y : y + _beta;
    }
}
