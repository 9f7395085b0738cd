using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// In training sets each entry to 0 with probability <c>rate</c> and multiplies the others by 1/(1 − rate), so that the expectation
/// stays; does nothing otherwise. Any shape; the mask passes. Gradient: the same factors. The random key is (seed, layer path,
/// call number, step). Source: Srivastava et al., JMLR 15 (2014); Keras 3, <c>keras.layers.Dropout</c>.
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of entries to drop, from 0 to 1; 1 drops everything.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public Dropout(double rate) => Rate = Guard.Share(rate, nameof(Dropout));

    /// <summary>The share of entries to drop.</summary>
    public double Rate { get; }

    /// <summary>The shape of the draws, (batch, …), null where an axis has a draw an entry: a size of 1 drops or keeps along a whole axis together. A draw an entry when null.</summary>
    public IReadOnlyList<int?>? NoiseShape { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Dropout FromConfig(LayerConfig config)
        => new(config.Double("rate", 0.5)) { NoiseShape = config.Json["noise_shape"] is null ? null : config.Ints("noise_shape") };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (NoiseShape is null)
            return shape;
        bool fits = NoiseShape.Count == shape.Rank;
        for (int axis = 0; fits && axis < shape.Rank; axis++)
            fits = NoiseShape[axis] is null or 1 || shape[axis] is null || NoiseShape[axis] == shape[axis];
        return fits
            ? shape
            : throw ShapeError($"the noise shape {new SymbolicShape([.. NoiseShape])} does not fit {shape}; expected on every axis its size, 1, or null for its size.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        return context.Training && Rate > 0
            ? inputs[0].With(VariableOps.Dropout(x, Rate, context.DrawKey(), Draws(x)))
            : inputs[0];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("rate", Rate);
        if (NoiseShape is null)
            return;
        var shape = new JsonArray();
        foreach (int? size in NoiseShape)
            shape.Add((JsonNode?)size);
        config.Set("noise_shape", shape);
    }

    private int[] Draws(Variable x)
    {
        var shape = x.Shape.ToArray();
        for (int axis = 0; NoiseShape is not null && axis < shape.Length; axis++)
            shape[axis] = NoiseShape[axis] ?? shape[axis];
        return shape;
    }
}
