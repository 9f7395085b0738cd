using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// A model whose forward pass is code: derive, <see cref="Register{T}"/> the layers it uses, and compute the output from the inputs in
/// <see cref="Call(IReadOnlyList{Variable}, CallContext)"/>. It may decide anything there, so every step runs eagerly. Compile, fit, evaluate, predict,
/// <see cref="Model.SaveWeights"/> and use as a layer of another model work; its architecture has no form in JSON, so it cannot be saved whole.
/// </summary>
/// <remarks>
/// Shapes are found at the first use by running <see cref="Call(IReadOnlyList{Variable}, CallContext)"/> twice on zeros, in inference mode. Masks travel from
/// layer to layer as in a graph: values carry them (<see cref="VariableMasks"/>), operations drop them, and an output's goes to its loss. Outputs are named <c>output_1</c>, <c>output_2</c>, …. Source: Keras 3, subclassing <c>keras.Model</c>.
/// </remarks>
public abstract class SubclassedModel : Model
{
    /// <summary>The scope of the code itself, which is no part of a layer's path.</summary>
    internal const string BodyScope = "<call>";

    private readonly List<Layer> _registered = [];
    private readonly Lock _building = new();

    /// <summary>Names the model.</summary>
    /// <param name="name">The name; the class name in snake case when null.</param>
    protected SubclassedModel(string? name = null)
    {
        if (name is not null)
            AssignName(CheckName(name));
    }

    /// <summary>The registered layers, in order.</summary>
    public sealed override IReadOnlyList<Layer> Layers => _registered;

    /// <inheritdoc/>
    public override string ClassName => GetType().Name;

    /// <inheritdoc/>
    internal sealed override bool CanReplay => false;

    /// <inheritdoc/>
    internal sealed override IReadOnlyList<string> OutputNames => [.. Enumerable.Range(1, Outputs.Count).Select(number => $"output_{number}")];

    /// <summary>Makes a layer part of the model: its weights are trained and saved, under its name.</summary>
    /// <param name="layer">The layer; register all in the constructor.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The layer, or another of its name, is registered already.</exception>
    /// <exception cref="InvalidOperationException">The model was used already.</exception>
    protected T Register<T>(T layer)
        where T : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (HasGraph)
            throw new InvalidOperationException($"Model '{Name}' was used already: register layers in the constructor.");
        if (_registered.Contains(layer) || (layer.HasName && _registered.Exists(other => other.HasName && other.Name == layer.Name)))
            throw LayerNames.Duplicate(Name, layer);
        _registered.Add(layer);
        LayerNames.Assign(Name, _registered);
        if (!Trainable)
            layer.Trainable = false;
        return layer;
    }

    /// <summary>Computes the output.</summary>
    /// <param name="inputs">One an input, (batch, …).</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    /// <returns>The output, (batch, …).</returns>
    protected abstract Variable Call(IReadOnlyList<Variable> inputs, CallContext context);

    /// <summary>The same for a model with several outputs.</summary>
    /// <param name="inputs">One an input, (batch, …).</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    /// <returns>The outputs, (batch, …).</returns>
    protected virtual IReadOnlyList<Variable> CallMany(IReadOnlyList<Variable> inputs, CallContext context) => [Call(inputs, context)];

    /// <inheritdoc/>
    internal override void EnsureBuilt(IReadOnlyList<SymbolicShape> shapes)
    {
        lock (_building)
        {
            if (HasGraph)
                return;
            HashSet<Parameter> given = new(OwnParameters().Where(parameter => parameter.HasValue), ReferenceEqualityComparer.Instance);
            SymbolicTensor[] inputs = [.. shapes.Select(shape => Placeholders.Of(shape.With(0, null), DType.Float32))];
            ModelGraph graph = GraphTrace.Run(Name, inputs, new Body(this) { Name = BodyScope }.ApplyMany(inputs));
            // The runs on zeros drew weights with seed 0; the model's own seed is the one that counts.
            HashSet<Parameter> drawn = new(OwnParameters().Where(parameter => !given.Contains(parameter)), ReferenceEqualityComparer.Instance);
            foreach (Layer layer in _registered)
                layer.DrawWeights(RandomKey.FromSeed(Seed), layer.Name, drawn);
            SetGraph(graph);
        }
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        EnsureBuilt(inputShapes);
        return base.ComputeOutputShapes(inputShapes);
    }

    /// <summary>Refuses: code has no form in JSON.</summary>
    /// <param name="config">Not written to.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected internal sealed override void WriteConfig(LayerConfig config)
        => throw new NotSupportedException($"Model '{Name}' ({ClassName}) computes in code of its own, which has no form in JSON: its architecture cannot be saved. Keep the class, save the weights with SaveWeights, and load them into a new instance with LoadWeights.");

    private List<Parameter> OwnParameters()
    {
        var parameters = new List<Parameter>();
        var open = new Stack<Layer>(_registered);
        while (open.TryPop(out Layer? layer))
        {
            parameters.AddRange(layer.Parameters);
            foreach (Layer inner in layer.Sublayers)
                open.Push(inner);
        }
        return parameters;
    }

    /// <summary>The model's code as the one layer of its graph.</summary>
    private sealed class Body(SubclassedModel model) : Layer
    {
        internal override bool CanReplay => false;

        internal override bool RunsOwnCode => true;

        // An axis that is unknown goes through at two sizes: what differs in the outputs is unknown there, too.
        protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
        {
            int[][] first = ShapesOfRun(inputShapes, batch: 2, unknown: 16), second = ShapesOfRun(inputShapes, batch: 3, unknown: 17);
            var outputs = new SymbolicShape[first.Length];
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = SymbolicShape.Of(first[i]);
                for (int axis = 0; axis < first[i].Length; axis++)
                {
                    if (first[i][axis] != second[i][axis])
                        outputs[i] = outputs[i].With(axis, null);
                }
            }
            return outputs;
        }

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => ComputeOutputShapes(inputShapes)[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallMany(inputs, context)[0];

        protected override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
        {
            var values = new Variable[inputs.Length];
            for (int i = 0; i < values.Length; i++)
                values[i] = inputs[i].Variable;
            return [.. model.CallMany(values, context).Select(output => (LayerValue)output)];
        }

        // A stateful layer serves one batch size until it forgets, and must not remember the zeros.
        private int[][] ShapesOfRun(IReadOnlyList<SymbolicShape> inputs, int batch, int unknown)
        {
            model.ResetStates();
            try
            {
                return Shapes(inputs, batch, unknown);
            }
            finally
            {
                model.ResetStates();
            }
        }

        private int[][] Shapes(IReadOnlyList<SymbolicShape> inputs, int batch, int unknown)
        {
            var context = new CallContext(recording: false);
            var values = new LayerValue[inputs.Count];
            for (int i = 0; i < values.Length; i++)
            {
                int[] shape = [.. inputs[i].Select((size, axis) => size ?? (axis == 0 ? batch : unknown))];
                values[i] = context.Constant(Tensor.Zeros<float>(shape));
            }
            return [.. CallMany(values, context).Select(output => output.Variable.Shape.ToArray())];
        }
    }
}
