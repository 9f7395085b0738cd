using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// A graph of layers from input placeholders to outputs. It is a layer itself: a model inside a model is called like any
/// other layer and shares its weights between calls.
/// </summary>
/// <remarks>
/// Making a model names its unnamed layers (<c>dense</c>, <c>dense_1</c>) and draws the values of weights that have none yet,
/// each keyed by <see cref="Seed"/> and its path: adding a layer never changes another layer's first values.
/// Source: Keras 3, <c>keras.Model</c> (functional).
/// </remarks>
public partial class Model : Layer
{
    private ModelGraph? _graph;

    /// <summary>A model of one input and one output.</summary>
    /// <param name="inputs">Where values enter.</param>
    /// <param name="outputs">What is computed from them.</param>
    /// <param name="name">The model's name; <c>functional</c> when null.</param>
    /// <exception cref="ArgumentException">The output needs an input that is not listed, or two layers have one name.</exception>
    public Model(SymbolicTensor inputs, SymbolicTensor outputs, string? name = null)
        : this([inputs], [outputs], name)
    {
    }

    /// <summary>A model of several inputs and one output.</summary>
    /// <param name="inputs">Where values enter, in the order of fit's and predict's arrays.</param>
    /// <param name="outputs">What is computed from them.</param>
    /// <param name="name">The model's name; <c>functional</c> when null.</param>
    /// <exception cref="ArgumentException">The output needs an input that is not listed, or two layers have one name.</exception>
    public Model(IReadOnlyList<SymbolicTensor> inputs, SymbolicTensor outputs, string? name = null)
        : this(inputs, [outputs], name)
    {
    }

    /// <summary>A model of one input and several outputs.</summary>
    /// <param name="inputs">Where values enter.</param>
    /// <param name="outputs">What is computed from them, in the order of losses and targets.</param>
    /// <param name="name">The model's name; <c>functional</c> when null.</param>
    /// <exception cref="ArgumentException">An output needs an input that is not listed, or two layers have one name.</exception>
    public Model(SymbolicTensor inputs, IReadOnlyList<SymbolicTensor> outputs, string? name = null)
        : this([inputs], outputs, name)
    {
    }

    /// <summary>A model of several inputs and outputs.</summary>
    /// <param name="inputs">Where values enter, in the order of fit's and predict's arrays.</param>
    /// <param name="outputs">What is computed from them, in the order of losses and targets.</param>
    /// <param name="name">The model's name; <c>functional</c> when null.</param>
    /// <exception cref="ArgumentException">An output needs an input that is not listed, an input is listed twice, or two layers have one name.</exception>
    public Model(IReadOnlyList<SymbolicTensor> inputs, IReadOnlyList<SymbolicTensor> outputs, string? name = null)
        : this(inputs, outputs, name, seed: 0, draw: true)
    {
    }

    // draw is false for a model whose weights are about to be read.
    internal Model(IReadOnlyList<SymbolicTensor> inputs, IReadOnlyList<SymbolicTensor> outputs, string? name, long seed, bool draw)
    {
        if (name is not null)
            Name = name;
        Seed = seed;
        SetGraph(GraphTrace.Run(Name, inputs, outputs));
        if (draw)
            DrawMissingWeights();
    }

    // For Sequential and SubclassedModel, whose graph may come later.
    private protected Model()
    {
    }

    /// <summary>Where values enter, in order, as they were given; start a new model from them to reuse this one's layers.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public IReadOnlyList<SymbolicTensor> Inputs => Graph.GivenInputs;

    /// <summary>What the model computes, in order; start a new model from them to reuse this one's layers.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public IReadOnlyList<SymbolicTensor> Outputs => Graph.OutputTensors;

    /// <summary>The shape of the only input, batch first.</summary>
    /// <exception cref="InvalidOperationException">There are several inputs, or none is known yet.</exception>
    public SymbolicShape InputShape => Inputs.Count == 1 ? Inputs[0].Shape : throw Several("inputs", Inputs.Count, nameof(InputShapes));

    /// <summary>The shape of the only output, batch first.</summary>
    /// <exception cref="InvalidOperationException">There are several outputs, or none is known yet.</exception>
    public SymbolicShape OutputShape => Outputs.Count == 1 ? Outputs[0].Shape : throw Several("outputs", Outputs.Count, nameof(OutputShapes));

    /// <summary>The only output.</summary>
    /// <exception cref="InvalidOperationException">There are several outputs, or none is known yet.</exception>
    public override SymbolicTensor Output => Outputs.Count == 1 ? Outputs[0] : throw Several("outputs", Outputs.Count, nameof(Outputs));

    /// <summary>The inputs' shapes, batch first.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public IReadOnlyList<SymbolicShape> InputShapes => Array.ConvertAll(Graph.InputTensors, tensor => tensor.Shape);

    /// <summary>The outputs' shapes, batch first.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public IReadOnlyList<SymbolicShape> OutputShapes => Array.ConvertAll(Graph.OutputTensors, tensor => tensor.Shape);

    /// <summary>The layers as Keras lists them: by distance from the outputs, farthest first, inputs among them.</summary>
    public virtual IReadOnlyList<Layer> Layers => Graph.Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<Layer> Sublayers => Layers;

    /// <inheritdoc/>
    public override string ClassName => "Functional";

    /// <inheritdoc/>
    internal override bool HasFileForm => true;

    /// <summary>The graph.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    internal ModelGraph Graph => _graph
        ?? throw new InvalidOperationException($"Model '{Name}' does not know its input shape yet: begin the Sequential with Input.Of(...), or use it once (fit, predict or Apply).");

    /// <summary>False for a <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</summary>
    internal bool HasGraph => _graph is not null;

    /// <summary>True when <see cref="EnsureBuilt"/> has nothing left to do.</summary>
    internal virtual bool IsReady => HasGraph;

    /// <summary>The inputs' layer names, in order.</summary>
    internal IReadOnlyList<string> InputNames => Array.ConvertAll(Graph.InputTensors, tensor => tensor.Layer.Name);

    /// <summary>The names of the layers that make the outputs, in order, as history keys use them.</summary>
    internal virtual IReadOnlyList<string> OutputNames => Array.ConvertAll(Graph.OutputTensors, tensor => tensor.Layer.Name);

    /// <summary>The layer of a name.</summary>
    /// <param name="name">The layer's name in this model.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Layer GetLayer(string name)
    {
        foreach (Layer layer in Layers)
        {
            if (layer.Name == name)
                return layer;
        }
        throw new ArgumentException($"Model '{Name}' has no layer '{name}'; it has {string.Join(", ", Layers.Select(layer => layer.Name))}.", nameof(name));
    }

    /// <summary>What a layer computes in this model: an output for a model up to that layer, <c>new Model(model.Inputs, model.GetOutput("pooled"))</c>, which
    /// shares all weights.</summary>
    /// <param name="name">The layer's name in this model.</param>
    /// <param name="call">Which of the layer's calls, from 0; may be left out for a layer that is called once.</param>
    /// <param name="output">Which of the call's outputs, from 0.</param>
    /// <exception cref="ArgumentException">There is no such layer, call or output, or the layer is called more than once and none was chosen.</exception>
    public SymbolicTensor GetOutput(string name, int? call = null, int output = 0)
    {
        GraphNode[] calls = [.. Graph.Nodes.Where(node => node.Layer.Name == name).OrderBy(node => node.CallNumber)];
        if (calls.Length == 0)
            throw new ArgumentException($"Model '{Name}' has no layer '{name}'; it has {string.Join(", ", Graph.Layers.Select(layer => layer.Name))}. Layers inside a nested model belong to that model: ask it.", nameof(name));
        if (call is null && calls.Length > 1)
            throw new ArgumentException($"Model '{Name}' calls layer '{name}' {calls.Length} times; say which call, 0 … {calls.Length - 1}.", nameof(call));
        if ((uint)(call ?? 0) >= (uint)calls.Length)
            throw new ArgumentException($"Model '{Name}' calls layer '{name}' {calls.Length} times; received call {call}.", nameof(call));
        IReadOnlyList<SymbolicTensor> outputs = calls[call ?? 0].Outputs;
        return (uint)output < (uint)outputs.Count
            ? outputs[output]
            : throw new ArgumentException($"Model '{Name}': layer '{name}' has {outputs.Count} outputs; received output {output}.", nameof(output));
    }

    /// <summary>Builds a model that does not know its input yet; checks nothing and does nothing for one that does.</summary>
    /// <param name="shapes">The inputs' shapes, batch first.</param>
    internal virtual void EnsureBuilt(IReadOnlyList<SymbolicShape> shapes)
    {
    }

    /// <summary>Takes a new graph.</summary>
    private protected void SetGraph(ModelGraph graph)
    {
        _graph = graph;
        _weights = null;
        ForgetPlans();
        IsBuilt = true;
    }

    /// <summary>Back to a model that does not know its input.</summary>
    private protected void ForgetGraph()
    {
        _graph = null;
        _weights = null;
        ForgetPlans();
        IsBuilt = false;
    }

    private InvalidOperationException Several(string what, int count, string instead)
        => new($"Model '{Name}' has {count} {what}: use {instead}.");
}
