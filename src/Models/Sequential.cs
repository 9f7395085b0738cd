using System.Collections;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// A stack of layers, each fed by the one before. Begin it with <see cref="Input"/> to know shapes and weights at once; without,
/// it is built at its first use. Source: Keras 3, <c>keras.Sequential</c>.
/// </summary>
public sealed class Sequential : Model, IEnumerable<Layer>
{
    private readonly List<Layer> _layers = [];

    // What each layer computes; shorter than the layers until the input is known.
    private readonly List<SymbolicTensor> _tops = [];
    private readonly Lock _building = new();
    private SymbolicTensor? _input;
    private bool _drawn;

    /// <summary>Stacks layers.</summary>
    /// <param name="layers">From first to last; an <see cref="Input"/> only as the first.</param>
    /// <exception cref="ArgumentException">A layer does not fit onto the one before, or two have one name.</exception>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        foreach (Layer layer in layers)
            Push(layer);
        Connect(draw: true);
    }

    /// <summary>The layers, from first to last, without the input.</summary>
    public override IReadOnlyList<Layer> Layers => _layers;

    /// <inheritdoc/>
    public override string ClassName => "Sequential";

    /// <summary>Puts a layer on top.</summary>
    /// <param name="layer">The layer; an <see cref="Input"/> only as the first.</param>
    /// <exception cref="ArgumentException">It does not fit onto the one before, or its name is taken. The stack stays as it was.</exception>
    public void Add(Layer layer) => Add(layer, draw: true);

    internal void Add(Layer layer, bool draw)
    {
        int count = _layers.Count;
        Push(layer);
        try
        {
            Connect(draw);
        }
        catch
        {
            _layers.RemoveRange(count, _layers.Count - count);
            throw;
        }
    }

    /// <summary>Takes the top layer off.</summary>
    /// <returns>The layer, with its weights.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Layer Pop()
    {
        if (_layers.Count == 0)
            throw new InvalidOperationException($"Model '{Name}' has no layer to take off.");
        Layer top = _layers[^1];
        _layers.RemoveAt(_layers.Count - 1);
        if (_tops.Count > _layers.Count)
            _tops.RemoveAt(_tops.Count - 1);
        if (_layers.Count == 0)
            ForgetGraph();
        else
            Connect(draw: true);
        return top;
    }

    /// <summary>The layers, from first to last, without the input.</summary>
    public IEnumerator<Layer> GetEnumerator() => _layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    internal override bool IsReady => _drawn;

    /// <inheritdoc/>
    internal override void EnsureBuilt(IReadOnlyList<SymbolicShape> shapes)
    {
        if (_drawn)
            return;
        lock (_building)
        {
            BuildFrom(shapes);
            if (_drawn)
                return;
            DrawMissingWeights();
            _drawn = true;
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        BuildFrom(inputShapes);
        return base.ComputeOutputShapes(inputShapes);
    }

    // Without drawing weights: inside another model they belong to that model's seed and paths.
    private void BuildFrom(IReadOnlyList<SymbolicShape> shapes)
    {
        if (HasGraph)
            return;
        if (_layers.Count == 0)
            throw new InvalidOperationException($"Model '{Name}' has no layers: Add some before it is used.");
        if (shapes.Count != 1)
            throw ShapeError($"a Sequential has one input; received {shapes.Count}: {string.Join(", ", shapes)}. Use Model for several.");
        _input = Placeholders.Of(shapes[0].With(0, null), TakesIds(_layers[0]) ? DType.Int32 : DType.Float32);
        try
        {
            Connect(draw: false);
        }
        catch
        {
            _input = null;
            _tops.Clear();
            throw;
        }
    }

    private void Push(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer is Input)
        {
            if (_layers.Count > 0 || _input is not null)
                throw new ArgumentException($"Model '{Name}': '{layer.Name}' is an Input and can only be the first layer of a Sequential. Use Model for several inputs.", nameof(layer));
            _input = layer.Calls[0].Outputs[0];
            return;
        }
        if (_layers.Contains(layer) || (layer.HasName && _layers.Exists(other => other.HasName && other.Name == layer.Name)))
            throw LayerNames.Duplicate(Name, layer);
        _layers.Add(layer);
        if (!Trainable)
            layer.Trainable = false;
    }

    private void Connect(bool draw)
    {
        if (_layers.Count == 0)
            return;
        if (_input is null && _layers[0] is Model { HasGraph: true, Inputs: [SymbolicTensor inner] })
            _input = Placeholders.Of(inner.Shape, inner.DType);
        LayerNames.Assign(Name, _input is null ? _layers : [_input.Layer, .. _layers]);
        if (_input is null)
            return;
        for (int i = _tops.Count; i < _layers.Count; i++)
            _tops.Add(_layers[i].Apply(i == 0 ? _input : _tops[i - 1]));
        SetGraph(GraphTrace.Run(Name, [_input], [_tops[^1]]));
        if (draw)
            DrawMissingWeights();
        _drawn = draw;
    }

    private static bool TakesIds(Layer layer)
        => layer is Embedding || (layer is Sequential { Layers: [Layer first, ..] } && TakesIds(first));
}
