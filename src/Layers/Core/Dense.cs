using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Applies <c>y = f(x · kernel + bias)</c> to the last axis. Input (batch, …, features), output (batch, …, units); one kernel
/// (features, units) and one bias (units) serve every position. The mask passes.
/// Gradient, with dz = dy · f'(z): <c>dkernel = xᵀ · dz</c>, <c>dbias = Σ dz</c>, <c>dx = dz · kernelᵀ</c>.
/// Source: Keras 3, <c>keras.layers.Dense</c>.
/// </summary>
public sealed class Dense : Layer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the output's last axis, at least 1.</param>
    /// <param name="activation">f; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public Dense(int units, ActivationFunction? activation = null)
    {
        Units = Guard.Positive(units, nameof(Dense));
        Activation = activation ?? Layers.Activation.Linear;
    }

    /// <summary>Size of the output's last axis.</summary>
    public int Units { get; }

    /// <summary>f.</summary>
    public ActivationFunction Activation { get; init => field = value.KeepingShape(nameof(Dense)); }

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Penalises the kernel; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernel after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Penalises the bias; none when null.</summary>
    public Regularizer? BiasRegularizer { get => RegularizerOf("bias"); init => SetRegularizer("bias", value); }

    /// <summary>Bounds the bias after each update; none when null.</summary>
    public Constraint? BiasConstraint { get => ConstraintOf("bias"); init => SetConstraint("bias", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Dense FromConfig(LayerConfig config) => new(config.Int("units"), config.Activation("activation"))
    {
        UseBias = config.Bool("use_bias", true),
        KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
        BiasInitializer = config.Initializer("bias_initializer", StandardBias),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank < 2)
            throw ShapeError($"expected (batch, …, features), at least rank 2; got {shape}. Add Flatten() in front: it makes (None,) into (None, 1).");
        if (shape[-1] is not { } features)
            throw ShapeError($"the last axis of {shape} is undefined, but the kernel has a row for each of its entries. Give the input a defined size there, or pool the undefined axis away before Flatten.");
        if (_kernel is not null && _kernel.Shape[0] != features)
            throw ShapeError($"its kernel {Tensors.Shapes.Format(_kernel.Shape)} was made for {_kernel.Shape[0]} features; got {shape}. Use a second Dense for inputs of another width.");
        return shape.With(-1, Units);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        _kernel = AddWeight("kernel", [inputShapes[0][-1]!.Value, Units], KernelInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [Units], BiasInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => inputs[0].With(Activation.Finish(VariableOps.Dense(inputs[0].Variable, _kernel!, _bias, Activation.FusedKind)));

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.ToConfig());
        config.Set("use_bias", UseBias);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }
}
