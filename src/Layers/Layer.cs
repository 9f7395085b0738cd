using System.Globalization;
using System.Text;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// A function with weights. Symbolic <see cref="Apply(ReadOnlySpan{SymbolicTensor})"/> infers shapes and creates the weights;
/// <see cref="Call"/> computes. A layer may be called many times: the calls share its weights.
/// </summary>
public abstract partial class Layer
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Initializer> _initializers = [];
    private readonly List<LayerCall> _calls = [];
    private string? _name;
    private bool _trainable = true;
    private bool _drawn;

    /// <summary>
    /// The layer's name: given, or Keras's snake case of the class, numbered inside the first model that holds it
    /// (<c>dense</c>, <c>dense_1</c>).
    /// </summary>
    public string Name
    {
        get => _name ?? DefaultName;
        init => _name = CheckName(value);
    }

    /// <summary>False freezes the layer's weights and those of every layer inside it.</summary>
    public bool Trainable
    {
        get => _trainable;
        set
        {
            _trainable = value;
            for (int i = 0; i < _parameters.Count; i++)
                _parameters[i].Trainable = value && DeclaredTrainable[i];
            foreach (Layer layer in Sublayers)
                layer.Trainable = value;
        }
    }

    /// <summary>The layer's own weights, in the order of creation; empty before the first call.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The own weights that were declared as state, such as moving statistics: a forward pass may change them. Frozen weights are none.</summary>
    internal IEnumerable<Parameter> StateParameters => _parameters.Where((_, index) => !DeclaredTrainable[index]);

    /// <summary>Layers inside this one; empty but for wrappers and models.</summary>
    public virtual IReadOnlyList<Layer> Sublayers => [];

    /// <summary>True once shapes are known and the weights exist.</summary>
    public bool IsBuilt { get; private protected set; }

    /// <summary>The Keras class name, as architecture files spell it.</summary>
    public virtual string ClassName => GetType().Name;

    /// <summary>
    /// True when every call of the layer makes the same nodes, so that a recorded step can be replayed. A class from outside may
    /// decide anything in its own Call, and a regularizer from outside in its own Penalty: they run eagerly.
    /// </summary>
    internal virtual bool CanReplay => GetType().Assembly == typeof(Layer).Assembly && PenaltiesCanReplay && Sublayers.All(layer => layer.CanReplay);

    /// <summary>True when Call is code from outside, which hands values to layers by themselves: they must carry their masks.</summary>
    internal virtual bool RunsOwnCode => GetType().Assembly != typeof(Layer).Assembly;

    /// <summary>True for a layer that remembers something from call to call: a model that holds one runs one call at a time.</summary>
    internal virtual bool KeepsState => KeepsStateOf(Sublayers);

    /// <summary>A loop, not LINQ: every prediction asks, and allocates nothing.</summary>
    internal static bool KeepsStateOf(IReadOnlyList<Layer> layers)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i].KeepsState)
                return true;
        }
        return false;
    }

    /// <summary>What the layer computes, for a layer that was called on placeholders once and has one output.</summary>
    /// <exception cref="InvalidOperationException">It was called never or more than once, or has several outputs.</exception>
    public virtual SymbolicTensor Output => _calls is [{ Outputs: [SymbolicTensor output] }]
        ? output
        : throw new InvalidOperationException($"Layer '{Name}' ({ClassName}) was called on placeholders {_calls.Count} times{(_calls.Count == 1 ? $" and has {_calls[0].Outputs.Count} outputs" : "")}: it has no one output. Keep what Apply returns, or use a model's GetOutput.");

    /// <summary>True when an architecture file can hold the layer, so that reading makes it again.</summary>
    internal virtual bool HasFileForm => LayerRegistry.Knows(this);

    internal bool HasName => _name is not null;

    internal IReadOnlyList<LayerCall> Calls => _calls;

    internal string DefaultName => SnakeCase(ClassName);

    private List<bool> DeclaredTrainable { get; } = [];

    /// <summary>Calls the layer on placeholders and returns its single output.</summary>
    /// <param name="inputs">One placeholder, or several for merging layers and models.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">The layer has several outputs: use <see cref="ApplyMany(ReadOnlySpan{SymbolicTensor})"/>.</exception>
    public SymbolicTensor Apply(params ReadOnlySpan<SymbolicTensor> inputs) => Single(ApplyMany(inputs));

    /// <summary>Calls the layer on placeholders and returns all outputs.</summary>
    /// <param name="inputs">One placeholder, or several for merging layers and models.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public IReadOnlyList<SymbolicTensor> ApplyMany(params ReadOnlySpan<SymbolicTensor> inputs) => Record(inputs, options: null);

    private IReadOnlyList<SymbolicTensor> Record(ReadOnlySpan<SymbolicTensor> inputs, CallOptions? options)
    {
        SymbolicTensor[] tensors = inputs.ToArray();
        SymbolicShape[] shapes = [.. tensors.Select(tensor => tensor.Shape)];
        IReadOnlyList<SymbolicShape> outputs = InferShapes(shapes, options);
        var call = new LayerCall(this, tensors, _calls.Count, options);
        call.Outputs = [.. outputs.Select((shape, index) => new SymbolicTensor(shape, OutputDType(index, tensors), call, index))];
        _calls.Add(call);
        return call.Outputs;
    }

    /// <summary>Calls the layer on values, at once, and returns its single output. Masks are read from the values and set on the output.</summary>
    /// <param name="inputs">Values; their context is the call's.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">The layer has several outputs: use <see cref="ApplyMany(ReadOnlySpan{Variable})"/>.</exception>
    public Variable Apply(params ReadOnlySpan<Variable> inputs) => Single(ApplyMany(inputs));

    /// <summary>Calls the layer on values, at once, and returns all outputs. Masks are read from the values and set on the outputs.</summary>
    /// <param name="inputs">Values; their context is the call's.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public IReadOnlyList<Variable> ApplyMany(params ReadOnlySpan<Variable> inputs) => Compute(inputs, options: null);

    private Variable[] Compute(ReadOnlySpan<Variable> inputs, CallOptions? options)
    {
        var values = new LayerValue[inputs.Length];
        CallContext? context = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            values[i] = inputs[i];
            context ??= inputs[i].Context;
        }
        if (context is null)
            throw new ArgumentException($"{Name}: a layer is called on at least one value that carries a context; make one with context.Constant(tensor).", nameof(inputs));
        // A graph was checked when it was made; this call was not, and a layer that is built may meet any shape.
        if (IsBuilt)
            InferShapes(ShapesOf(values), options);
        IReadOnlyList<LayerValue> results = Invoke(values, context, options);
        var outputs = new Variable[results.Count];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = results[i].Carrying(shared: inputs.Contains(results[i].Variable), context);
        return outputs;
    }

    /// <summary>Checks the inputs' shapes, creates the weights at the first call, and computes the outputs' shapes.</summary>
    internal IReadOnlyList<SymbolicShape> InferShapes(IReadOnlyList<SymbolicShape> inputs, CallOptions? options = null)
    {
        IReadOnlyList<SymbolicShape> outputs = ComputeOutputShapes(inputs);
        if (options is not null)
            outputs = ShapesUnder(outputs, inputs, options);
        if (!IsBuilt)
            BuildOnce(inputs);
        return outputs;
    }

    /// <summary>Runs the layer inside its random scope, on shapes that are known to fit; a layer that is not built yet is built first.</summary>
    internal IReadOnlyList<LayerValue> Invoke(ReadOnlySpan<LayerValue> inputs, CallContext context, CallOptions? options = null)
    {
        if (!IsBuilt)
        {
            InferShapes(ShapesOf(inputs), options);
            _drawn = false;
        }
        if (!_drawn)
            DrawWeights(RandomKey.FromSeed(0), Name);
        context.Enter(Name, options?.Training);
        try
        {
            ReadOnlySpan<LayerValue> values = RunsOwnCode ? Carriers(inputs, context) : inputs;
            IReadOnlyList<LayerValue> outputs = options is null ? CallMany(values, context) : CallUnder(values, context, options);
            if (context.CollectsLosses && ActivityRegularizer is { } regularizer)
                AddActivityLosses(regularizer, outputs, context);
            if (context.Observer is { } observer)
            {
                foreach (LayerValue output in outputs)
                    observer.Computed(output.Variable);
            }
            return outputs;
        }
        finally
        {
            context.Leave();
        }
    }

    /// <summary>Draws the values of weights that have none yet, or are in <paramref name="again"/>, keyed by their path: other layers never change them.</summary>
    internal virtual void DrawWeights(RandomKey seed, string path, IReadOnlySet<Parameter>? again = null)
    {
        _drawn = true;
        for (int i = 0; i < _parameters.Count; i++)
        {
            if (!_parameters[i].HasValue || again?.Contains(_parameters[i]) == true)
                _parameters[i].Assign(_initializers[i].Draw(seed.Derive($"{path}/{_parameters[i].Name}"), _parameters[i].Shape));
        }
        foreach (Layer layer in Sublayers)
            layer.DrawWeights(seed, $"{path}/{layer.Name}", again);
    }

    /// <summary>Forgets what the layer, and every layer inside it, remembers from call to call.</summary>
    internal virtual void ForgetState()
    {
        foreach (Layer layer in Sublayers)
            layer.ForgetState();
    }

    internal void AssignName(string name) => _name ??= name;

    internal static string CheckName(string name)
        => IsName(name)
            ? name
            : throw new ArgumentException($"'{name}' is no layer name: expected some text without '/', which separates the parts of a path.", nameof(name));

    internal static bool IsName(string name) => !string.IsNullOrWhiteSpace(name) && !name.Contains('/');

    /// <summary>Creates the weights. Runs once, after the shapes were found to fit.</summary>
    /// <param name="inputShapes">Shapes of the first call's inputs.</param>
    protected virtual void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
    }

    /// <summary>Checks input shapes and infers the output's. Throws through <see cref="ShapeError"/> when they do not fit.</summary>
    /// <param name="inputShapes">Batch first; null sizes are unknown.</param>
    protected abstract SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes);

    /// <summary>The same for a layer with several outputs.</summary>
    /// <param name="inputShapes">Batch first; null sizes are unknown.</param>
    protected virtual IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
        => [ComputeOutputShape(inputShapes)];

    /// <summary>Computes the output. Sizes are known here and may differ from call to call.</summary>
    /// <param name="inputs">Values with their masks.</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    /// <returns>The output; keep the input's mask with <see cref="LayerValue.With"/>; a plain variable has the mask that a layer called inside gave it, else none.</returns>
    protected abstract LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context);

    /// <summary>The same for a layer with several outputs.</summary>
    /// <param name="inputs">Values with their masks.</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    protected virtual IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => [Call(inputs, context)];

    /// <summary>
    /// For an own layer that calls layers: the shape that one of its <see cref="Sublayers"/> gives, whose weights are made with it. To be called in
    /// <see cref="ComputeOutputShape"/>, so that a model knows all weights before its first step.
    /// </summary>
    /// <param name="sublayer">A layer inside, with one output.</param>
    /// <param name="inputShapes">What it will be called on.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    protected static SymbolicShape ShapeThrough(Layer sublayer, params IReadOnlyList<SymbolicShape> inputShapes)
    {
        ArgumentNullException.ThrowIfNull(sublayer);
        return sublayer.Single(sublayer.InferShapes(inputShapes));
    }

    /// <summary>The declared type of an output: float32 unless a layer says otherwise.</summary>
    /// <param name="index">Which output.</param>
    /// <param name="inputs">The call's inputs.</param>
    protected virtual DType OutputDType(int index, IReadOnlyList<SymbolicTensor> inputs) => DType.Float32;

    /// <summary>Writes what the constructor needs to make this layer again, in Keras's words.</summary>
    /// <param name="config">Receives the entries; <c>name</c> and <c>trainable</c> are there already.</param>
    protected internal virtual void WriteConfig(LayerConfig config)
    {
    }

    /// <summary>Declares a weight; its value is drawn when the first model that holds the layer is made.</summary>
    /// <param name="name">The name within the layer, as Keras spells it.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="initializer">Draws the first value.</param>
    /// <param name="trainable">False for state that no optimizer touches.</param>
    protected Parameter AddWeight(string name, ReadOnlySpan<int> shape, Initializer initializer, bool trainable = true)
    {
        if (ShapeText.Product(shape) > int.MaxValue)
            throw ShapeError($"its weight {name} {Tensors.Shapes.Format(shape)} has more than 2147483647 numbers, the most that one tensor holds. Use smaller sizes.");
        var parameter = new Parameter(name, shape, trainable);
        parameter.Trainable = trainable && _trainable;
        _parameters.Add(parameter);
        _initializers.Add(initializer);
        DeclaredTrainable.Add(trainable);
        AddRule(parameter);
        return parameter;
    }

    /// <summary>The exception for inputs that do not fit, opened with the layer's name and class.</summary>
    /// <param name="message">What was expected, what came, what to do next.</param>
    protected ArgumentException ShapeError(string message) => new($"Layer '{Name}' ({ClassName}): {message}");

    /// <summary>A size that was computed, refused when it is beyond what a tensor holds.</summary>
    private protected int Fits(long size, string what)
        => size <= int.MaxValue
            ? (int)size
            : throw ShapeError($"{what} would be {(size == long.MaxValue ? "more than 9223372036854775806" : size.ToString(CultureInfo.InvariantCulture))}, too large for a tensor: sizes end at 2147483647. Use smaller sizes.");

    /// <summary>The same where the size may be unknown.</summary>
    private protected int? Fits(long? size, string what) => size is { } known ? Fits(known, what) : null;

    /// <summary>The only input's shape, for layers that take exactly one.</summary>
    /// <param name="inputShapes">Shapes of the call's inputs.</param>
    /// <exception cref="ArgumentException">There is not exactly one.</exception>
    protected SymbolicShape OneInput(IReadOnlyList<SymbolicShape> inputShapes)
        => inputShapes.Count == 1
            ? inputShapes[0]
            : throw ShapeError($"takes one input; got {inputShapes.Count}: {string.Join(", ", inputShapes)}. Join them first, for example with Concatenate.");

    // A refusal in the middle, for example of a weight too large, leaves no half of the weights behind.
    // Any number of samples fits.
    private static SymbolicShape[] ShapesOf(ReadOnlySpan<LayerValue> values)
    {
        var shapes = new SymbolicShape[values.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            SymbolicShape shape = SymbolicShape.Of(values[i].Variable.Shape);
            shapes[i] = shape.Rank == 0 ? shape : shape.With(0, null);
        }
        return shapes;
    }

    private void BuildOnce(IReadOnlyList<SymbolicShape> inputs)
    {
        try
        {
            Build(inputs);
            CheckRules();
            IsBuilt = true;
        }
        finally
        {
            if (!IsBuilt)
            {
                _parameters.Clear();
                _initializers.Clear();
                DeclaredTrainable.Clear();
                ForgetRules();
            }
        }
    }

    private static LayerValue[] Carriers(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        var carriers = new LayerValue[inputs.Length];
        for (int i = 0; i < carriers.Length; i++)
            carriers[i] = new LayerValue(inputs[i].Carrying(shared: false, context), inputs[i].Mask);
        return carriers;
    }

    private T Single<T>(IReadOnlyList<T> outputs)
        => outputs.Count == 1
            ? outputs[0]
            : throw new InvalidOperationException($"Layer '{Name}' ({ClassName}) has {outputs.Count} outputs: use ApplyMany.");

    // Keras's to_snake_case: LSTM -> lstm, Conv1D -> conv1d, MaxPooling1D -> max_pooling1d, LayerNormalization -> layer_normalization.
    private static string SnakeCase(string className)
    {
        var name = new StringBuilder();
        for (int i = 0; i < className.Length; i++)
        {
            bool upper = char.IsUpper(className[i]);
            bool startsWord = i > 0 && upper
                && (char.IsLower(className[i - 1]) || (i + 1 < className.Length && char.IsLower(className[i + 1]) && !char.IsDigit(className[i - 1])));
            if (startsWord)
                name.Append('_');
            name.Append(char.ToLowerInvariant(className[i]));
        }
        return name.ToString();
    }
}
