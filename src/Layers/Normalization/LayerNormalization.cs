using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Brings each sample's entries along <see cref="Axis"/> together to mean 0 and variance 1:
/// <c>y = (x − mean) / √(variance + ε) · gamma + beta</c>, with the biased variance. Any shape, unchanged; the mask passes.
/// gamma and beta have the sizes of the normalised axes. With <see cref="RmsScaling"/> <c>y = x / √(variance + ε) · gamma</c>. Gradient: see <see cref="VariableOps.LayerNormalization"/>.
/// Source: Ba, Kiros and Hinton (2016); Keras 3, <c>keras.layers.LayerNormalization</c>.
/// </summary>
public sealed class LayerNormalization : Layer
{
    private static readonly Initializer StandardGamma = new Ones();
    private static readonly Initializer StandardBeta = new Zeros();

    private readonly int[] _axes;
    private int[] _sizes = [];
    private Parameter? _gamma;
    private Parameter? _beta;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Axes to normalise over together, the batch counted as 0; the last one when none is given. Not 0.</param>
    public LayerNormalization(params ReadOnlySpan<int> axis) => _axes = axis.IsEmpty ? [-1] : axis.ToArray();

    /// <summary>Axes that are normalised together.</summary>
    public IReadOnlyList<int> Axis => _axes;

    /// <summary>ε: added to the variance, inside the root.</summary>
    public double Epsilon { get; init => field = Guard.FiniteNotNegative(value, nameof(LayerNormalization), "epsilon"); } = 1e-3;

    /// <summary>False to leave beta out.</summary>
    public bool Center { get; init; } = true;

    /// <summary>False to leave gamma out.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>
    /// True to scale only: the mean is not taken off, and there is gamma (whatever <see cref="Scale"/> says) but no beta. It divides by the standard
    /// deviation, not by the root mean square, as Keras's deprecated option does; <see cref="RMSNormalization"/> does what the name says.
    /// </summary>
    public bool RmsScaling { get; init; }

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
    public static LayerNormalization FromConfig(LayerConfig config)
        => new(config.IntOrInts("axis", -1))
        {
            Epsilon = config.Double("epsilon", 1e-3),
            Center = config.Bool("center", true),
            Scale = config.Bool("scale", true),
            RmsScaling = config.Bool("rms_scaling", false),
            GammaInitializer = config.Initializer("gamma_initializer", StandardGamma),
            BetaInitializer = config.Initializer("beta_initializer", StandardBeta),
        };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        int[] axes = NormalizedAxes.Of(_axes, shape.Rank) ?? throw ShapeError(NormalizedAxes.Problem(_axes, shape));
        for (int i = 0; i < axes.Length; i++)
        {
            if (shape[axes[i]] is not { } size)
                throw ShapeError($"axis {axes[i]} of {shape} is undefined, but gamma and beta have an entry for each of its indices. Give the input a defined size there.");
            if (_sizes.Length > 0 && _sizes[i] != size)
                throw ShapeError($"it was made for sizes {Tensors.Shapes.Format(_sizes)}; got {shape}. Use a second LayerNormalization.");
        }
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = inputShapes[0];
        _sizes = Array.ConvertAll(NormalizedAxes.Of(_axes, shape.Rank)!, axis => shape[axis]!.Value);
        // Keras gives the weights the axes in the order they were named in; the numbers lie in the order of the value's axes.
        int[] named = Array.ConvertAll(_axes, axis => shape[axis]!.Value);
        if (Scale || RmsScaling)
            _gamma = AddWeight("gamma", named, GammaInitializer);
        if (Center && !RmsScaling)
            _beta = AddWeight("beta", named, BetaInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int[] axes = NormalizedAxes.Of(_axes, x.Rank)!;
        return inputs[0].With(NormalizedAxes.Run(x, axes, rows => RmsScaling ? Scaled(rows, axes.Length, context) : VariableOps.LayerNormalization(rows, _gamma, _beta, axes.Length, Epsilon)));
    }

    // x / √(variance + ε) · gamma over the last axes, which are one row in memory.
    private Variable Scaled(Variable x, int axes, CallContext context)
    {
        int[] shape = x.Shape.ToArray();
        int size = Tensors.Shapes.Count(shape.AsSpan(shape.Length - axes));
        Variable rows = VariableOps.Reshape(x, [.. shape[..^axes], size]);
        Variable variance = VariableOps.Mean(VariableOps.Square(rows - VariableOps.Mean(rows, -1, keepDims: true)), -1, keepDims: true);
        Variable scale = VariableOps.Power(VariableOps.Affine(variance, 1f, (float)Epsilon), -0.5);
        return VariableOps.Reshape(rows * scale * VariableOps.Reshape(VariableOps.InContext(_gamma!, context), size), shape);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("axis", LayerConfigReading.ToJson(_axes));
        config.Set("epsilon", Epsilon);
        config.Set("center", Center);
        config.Set("scale", Scale);
        if (RmsScaling)
            config.Set("rms_scaling", true);
        config.SetInitializer("gamma_initializer", GammaInitializer, StandardGamma);
        config.SetInitializer("beta_initializer", BetaInitializer, StandardBeta);
    }
}
