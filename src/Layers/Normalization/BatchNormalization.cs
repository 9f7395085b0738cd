using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Brings each channel to mean 0 and variance 1: <c>y = (x − mean) / √(variance + ε) · gamma + beta</c>. In training mean and biased variance are the
/// batch's, over all axes but <see cref="Axis"/>, and the moving statistics follow: <c>moving = moving · momentum + batch · (1 − momentum)</c>; in
/// inference, and always while the layer is frozen, they are the moving ones. Any shape of rank 2 or more, unchanged; the mask passes, and padding
/// does not count for the statistics.
/// </summary>
/// <remarks>
/// Weights, all (channels): gamma and beta, and moving_mean and moving_variance, which no optimizer touches. Gradient: through the batch's
/// statistics, see <see cref="VariableOps.BatchNormalization"/>. Source: Ioffe and Szegedy (2015); Keras 3, <c>keras.layers.BatchNormalization</c>.
/// </remarks>
public sealed class BatchNormalization : Layer
{
    private static readonly Initializer StandardZeros = new Zeros();
    private static readonly Initializer StandardOnes = new Ones();

    private Parameter? _gamma;
    private Parameter? _beta;
    private Parameter? _movingMean;
    private Parameter? _movingVariance;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Where the channels lie, the batch counted as 0; −1 is the last. Not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axis"/> is 0.</exception>
    public BatchNormalization(int axis = -1)
        => Axis = axis != 0
            ? axis
            : throw new ArgumentOutOfRangeException(nameof(axis), "BatchNormalization: axis is 0, the batch; expected the axis of the channels such as 1 or -1.");

    /// <summary>Where the channels lie.</summary>
    public int Axis { get; }

    /// <summary>How much of the moving statistics stays at each training step, 0 to 1.</summary>
    public double Momentum { get; init => field = Guard.Share(value, nameof(BatchNormalization), "momentum"); } = 0.99;

    /// <summary>ε: added to the variance, inside the root.</summary>
    public double Epsilon { get; init => field = Guard.FiniteNotNegative(value, nameof(BatchNormalization), "epsilon"); } = 1e-3;

    /// <summary>False to leave beta out.</summary>
    public bool Center { get; init; } = true;

    /// <summary>False to leave gamma out.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>Draws gamma: ones unless set.</summary>
    public Initializer GammaInitializer { get; init; } = StandardOnes;

    /// <summary>Draws beta: zeros unless set.</summary>
    public Initializer BetaInitializer { get; init; } = StandardZeros;

    /// <summary>Draws the moving mean: zeros unless set.</summary>
    public Initializer MovingMeanInitializer { get; init; } = StandardZeros;

    /// <summary>Draws the moving variance: ones unless set.</summary>
    public Initializer MovingVarianceInitializer { get; init; } = StandardOnes;

    /// <summary>Penalises gamma; none when null.</summary>
    public Regularizer? GammaRegularizer { get => RegularizerOf("gamma"); init => SetRegularizer("gamma", value); }

    /// <summary>Bounds gamma after each update; none when null.</summary>
    public Constraint? GammaConstraint { get => ConstraintOf("gamma"); init => SetConstraint("gamma", value); }

    /// <summary>Penalises beta; none when null.</summary>
    public Regularizer? BetaRegularizer { get => RegularizerOf("beta"); init => SetRegularizer("beta", value); }

    /// <summary>Bounds beta after each update; none when null.</summary>
    public Constraint? BetaConstraint { get => ConstraintOf("beta"); init => SetConstraint("beta", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>synchronized</c> changes nothing here.</param>
    public static BatchNormalization FromConfig(LayerConfig config) => new(config.OptionalInt("axis") ?? -1)
    {
        Momentum = config.Double("momentum", 0.99),
        Epsilon = config.Double("epsilon", 1e-3),
        Center = config.Bool("center", true),
        Scale = config.Bool("scale", true),
        GammaInitializer = config.Initializer("gamma_initializer", StandardOnes),
        BetaInitializer = config.Initializer("beta_initializer", StandardZeros),
        MovingMeanInitializer = config.Initializer("moving_mean_initializer", StandardZeros),
        MovingVarianceInitializer = config.Initializer("moving_variance_initializer", StandardOnes),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (Axis >= shape.Rank || Axis <= -shape.Rank)
            throw ShapeError($"{shape} has no axis {Axis} for the channels; expected 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1.");
        if (shape[Axis] is not { } channels)
            throw ShapeError($"axis {Axis} of {shape} is undefined, but each of its indices has a gamma and a beta. Give the input a defined size there.");
        if (_movingMean is not null && _movingMean.Shape[0] != channels)
            throw ShapeError($"it was made for {_movingMean.Shape[0]} channels; got {shape}, which has {channels} on axis {Axis}. Use a second BatchNormalization.");
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int channels = inputShapes[0][Axis]!.Value;
        if (Scale)
            _gamma = AddWeight("gamma", [channels], GammaInitializer);
        if (Center)
            _beta = AddWeight("beta", [channels], BetaInitializer);
        _movingMean = AddWeight("moving_mean", [channels], MovingMeanInitializer, trainable: false);
        _movingVariance = AddWeight("moving_variance", [channels], MovingVarianceInitializer, trainable: false);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        var options = new BatchNormalizationOptions { Axis = Axis, Momentum = Momentum, Epsilon = Epsilon, UseBatchStatistics = context.Training && Trainable };
        return inputs[0].With(VariableOps.BatchNormalization(inputs[0].Variable, _gamma, _beta, _movingMean!, _movingVariance!, options, inputs[0].Mask));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("axis", Axis);
        config.Set("momentum", Momentum);
        config.Set("epsilon", Epsilon);
        config.Set("center", Center);
        config.Set("scale", Scale);
        config.SetInitializer("gamma_initializer", GammaInitializer, StandardOnes);
        config.SetInitializer("beta_initializer", BetaInitializer, StandardZeros);
        config.SetInitializer("moving_mean_initializer", MovingMeanInitializer, StandardZeros);
        config.SetInitializer("moving_variance_initializer", MovingVarianceInitializer, StandardOnes);
    }
}
