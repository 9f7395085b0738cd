using System.Globalization;
using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Replaces each number by the interval it lies in: 0 below the first boundary, k where <c>boundaries[k − 1] ≤ x &lt; boundaries[k]</c>. Any shape; with
/// <see cref="OutputMode"/> the ids are encoded as <see cref="CategoryEncoding"/> does. Boundaries are given, or learned as quantiles by
/// <see cref="Adapt"/>, before the model runs. The gradient is 0. The mask passes with the plain ids and is dropped otherwise. Source: Keras 3, <c>keras.layers.Discretization</c>.
/// </summary>
public sealed class Discretization : Layer
{
    private float[]? _boundaries;
    private bool _wasUsed;

    /// <summary>Creates a layer with known boundaries.</summary>
    /// <param name="binBoundaries">Ascending.</param>
    /// <exception cref="ArgumentException">They do not ascend, or are none.</exception>
    public Discretization(IReadOnlyList<double> binBoundaries)
    {
        ArgumentNullException.ThrowIfNull(binBoundaries);
        _boundaries = Checked(binBoundaries);
        BinCount = _boundaries.Length + 1;
    }

    /// <summary>Creates a layer whose boundaries <see cref="Adapt"/> will find.</summary>
    /// <param name="numBins">How many intervals.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numBins"/> is below 1.</exception>
    public Discretization(int numBins)
    {
        NumBins = Guard.Positive(numBins, nameof(Discretization));
        BinCount = numBins;
    }

    /// <summary>The boundaries in ascending order; empty before <see cref="Adapt"/>.</summary>
    public IReadOnlyList<float> BinBoundaries => _boundaries ?? [];

    /// <summary>How many intervals were asked for; null when the boundaries were given.</summary>
    public int? NumBins { get; }

    /// <summary>The share of numbers by which a learned boundary may be off; below 1.</summary>
    public double Epsilon { get; init => field = value > 0 ? Guard.Rate(value, nameof(Discretization), "epsilon") : throw new ArgumentOutOfRangeException(nameof(value), $"Discretization: epsilon is {LayerConfigReading.Text(value)}; expected more than 0 and less than 1."); } = 0.01;

    /// <summary>The ids themselves unless set.</summary>
    public CategoryMode OutputMode { get; init => field = Categories.Check(value, nameof(Discretization)); } = CategoryMode.Int;

    /// <summary>The number of intervals, boundaries known or not.</summary>
    private int BinCount { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; an adapted layer has <c>bin_boundaries</c> beside <c>num_bins</c>.</param>
    public static Discretization FromConfig(LayerConfig config)
    {
        double[]? boundaries = config.Json["bin_boundaries"] is { } list ? Numbers.Read("bin_boundaries", list) : null;
        double epsilon = config.Double("epsilon", 0.01);
        CategoryMode mode = Categories.Read(config, nameof(Discretization), CategoryMode.Int);
        if (config.OptionalInt("num_bins") is not { } bins)
            return new(boundaries ?? throw new InvalidDataException($"Architecture: layer '{config.Name ?? "?"}' (Discretization) has neither bin_boundaries nor num_bins.")) { Epsilon = epsilon, OutputMode = mode };
        var layer = new Discretization(bins) { Epsilon = epsilon, OutputMode = mode };
        if (boundaries is not null)
            layer._boundaries = boundaries.Length < bins ? Checked(boundaries) : throw new InvalidDataException($"Architecture: layer '{config.Name ?? "?"}' (Discretization) has {boundaries.Length} bin_boundaries for {bins} bins; expected fewer than bins.");
        return layer;
    }

    /// <summary>Learns boundaries that cut <paramref name="data"/> into <see cref="NumBins"/> parts of about equal size, by Keras's approximate quantiles.</summary>
    /// <param name="data">Any shape; all numbers count alike.</param>
    /// <exception cref="InvalidOperationException">The boundaries were given, or the layer has computed something already.</exception>
    /// <exception cref="ArgumentException">The data are empty or hold NaN.</exception>
    public void Adapt(Tensor<float> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (NumBins is not { } bins)
            throw new InvalidOperationException($"Layer '{Name}' (Discretization): its boundaries were given; use new Discretization(numBins) to adapt them.");
        if (_wasUsed)
            throw new InvalidOperationException($"Layer '{Name}' (Discretization): it has run with its boundaries already. Adapt before the model runs, or make a new layer.");
        var values = new float[data.Count];
        data.CopyTo(values);
        if (values.Length == 0 || values.AsSpan().ContainsAnyExceptInRange(float.NegativeInfinity, float.PositiveInfinity))
            throw new ArgumentException($"Layer '{Name}' (Discretization): data of shape {Tensors.Shapes.Format(data.Shape)} are empty or hold NaN; expected numbers.", nameof(data));
        _boundaries = Quantiles.Boundaries(values, bins, Epsilon);
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return Categories.Shape(shape, OutputMode, BinCount)
            ?? throw ShapeError($"{shape} has no axis behind the batch to encode; expected (None, n). Use Input.Of([1]) for one number a sample.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (_boundaries is null)
            throw new InvalidOperationException($"Layer '{Name}' (Discretization): it has no boundaries yet. Call Adapt with data first.");
        _wasUsed = true;
        Variable ids = VariableOps.Digitize(inputs[0].Variable, _boundaries);
        return OutputMode == CategoryMode.Int ? inputs[0].With(ids) : Categories.Encode(ids, OutputMode, BinCount);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("bin_boundaries", _boundaries is null ? null : Numbers.Write(_boundaries));
        config.Set("num_bins", NumBins is { } bins ? JsonValue.Create(bins) : null);
        config.Set("epsilon", Epsilon);
        config.Set("output_mode", Categories.Spell(OutputMode));
        config.Set("sparse", false);
    }

    private static float[] Checked(IReadOnlyList<double> boundaries)
    {
        var values = new float[boundaries.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)boundaries[i];
            if (double.IsNaN(boundaries[i]) || (i > 0 && values[i] < values[i - 1]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Discretization: boundary {i} is {boundaries[i]}; expected numbers in ascending order."), nameof(boundaries));
        }
        return values;
    }
}
