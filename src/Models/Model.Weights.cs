using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    private readonly HashSet<Parameter> _drawnHere = new(ReferenceEqualityComparer.Instance);
    private NamedWeight[]? _weights;

    /// <summary>
    /// The seed of the weights' first values. The same seed and architecture give the same bits. Weights that an earlier model
    /// drew, or that were assigned, keep their values.
    /// </summary>
    /// <remarks>A weight's stream is named by the seed and the weight's path in the model that holds it first: give two
    /// ready-made blocks of the same layer names different seeds if they are to start differently.</remarks>
    public long Seed
    {
        get;
        init
        {
            if (field == value)
                return;
            field = value;
            // The constructor has drawn with seed 0 before an object initializer can run.
            foreach (Layer layer in HasGraph ? Layers : [])
                layer.DrawWeights(RandomKey.FromSeed(value), layer.Name, _drawnHere);
        }
    }

    /// <summary>Every weight once, in the order of <see cref="Layers"/>, under its path.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public IReadOnlyList<NamedWeight> Weights => _weights ??= ListWeights();

    /// <summary>The number of numbers in all weights, frozen ones included; a shared layer counts once.</summary>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public long CountParameters()
    {
        long count = 0;
        foreach (NamedWeight weight in Weights)
            count += weight.Parameter.Count;
        return count;
    }

    /// <summary>The weight at a path.</summary>
    /// <param name="path">For example <c>dense/kernel</c>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Parameter GetWeight(string path)
    {
        foreach (NamedWeight weight in Weights)
        {
            if (weight.Path == path)
                return weight.Parameter;
        }
        throw new ArgumentException($"Model '{Name}' has no weight '{path}'; it has {string.Join(", ", Weights.Select(weight => weight.Path))}.", nameof(path));
    }

    /// <summary>Draws the values of weights that have none yet.</summary>
    private protected void DrawMissingWeights()
    {
        foreach (NamedWeight weight in Weights)
        {
            if (!weight.Parameter.HasValue)
                _drawnHere.Add(weight.Parameter);
        }
        foreach (Layer layer in Layers)
            layer.DrawWeights(RandomKey.FromSeed(Seed), layer.Name);
    }

    private NamedWeight[] ListWeights()
    {
        _ = Graph;
        var weights = new List<NamedWeight>();
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        foreach (Layer layer in Layers)
            List(layer, layer.Name, weights, seen);
        return [.. weights];
    }

    private static void List(Layer layer, string path, List<NamedWeight> weights, HashSet<Parameter> seen)
    {
        foreach (Parameter parameter in layer.Parameters)
        {
            if (seen.Add(parameter))
                weights.Add(new NamedWeight($"{path}/{parameter.Name}", parameter));
        }
        foreach (Layer inner in layer.Sublayers)
            List(inner, $"{path}/{inner.Name}", weights, seen);
    }
}
