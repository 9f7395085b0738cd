using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Brings features to mean 0 and variance 1 by numbers that are given or learned from data before training: <c>y = (x − mean) / max(√variance, 1e-7)</c>, or
/// back with <see cref="Invert"/>: <c>y = x · max(√variance, 1e-7) + mean</c>. Any shape, unchanged; each index of the kept axes has its own mean
/// and variance. The mask passes. Gradient: <c>dx = dy / max(√variance, 1e-7)</c>, or times it.
/// </summary>
/// <remarks>
/// Weights, none trainable, unless the numbers are given: mean and variance (sizes of the kept axes), and Keras's count (), which is always 0.
/// Source: Keras 3, <c>keras.layers.Normalization</c>.
/// </remarks>
public sealed class Normalization : Layer
{
    private const float Smallest = 1e-7f;

    private static readonly Initializer StandardZeros = new Zeros();
    private static readonly Initializer StandardOnes = new Ones();

    private readonly int[] _axes;
    private Parameter? _mean;
    private Parameter? _variance;

    /// <summary>Creates a layer with a mean and a variance for each feature, the last axis.</summary>
    public Normalization()
        : this([-1])
    {
    }

    /// <summary>Creates a layer.</summary>
    /// <param name="axes">The axes whose indices have statistics of their own, the batch counted as 0; none for one mean and variance of everything.</param>
    public Normalization(params ReadOnlySpan<int> axes) => _axes = axes.ToArray();

    /// <summary>The axes whose indices have statistics of their own.</summary>
    public IReadOnlyList<int> Axes => _axes;

    /// <summary>The means: one, or one for each index of the kept axes in row-major order; null to learn them. Set it together with <see cref="Variance"/>.</summary>
    public IReadOnlyList<double>? Mean { get; init => field = Checked(value, "mean", double.NegativeInfinity); }

    /// <summary>The variances, as many as means.</summary>
    public IReadOnlyList<double>? Variance { get; init => field = Checked(value, "variance", 0); }

    /// <summary>True to go back from normalised to original numbers.</summary>
    public bool Invert { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Normalization FromConfig(LayerConfig config)
    {
        // Missing is the last axis, null none at all.
        int[] axes = config.Json.ContainsKey("axis") && config.Json["axis"] is null ? [] : config.IntOrInts("axis", -1);
        return new(axes)
        {
            Mean = config.Json["mean"] is { } mean ? Numbers.Read("mean", mean) : null,
            Variance = config.Json["variance"] is { } variance ? Numbers.Read("variance", variance) : null,
            Invert = config.Bool("invert", false),
        };
    }

    /// <summary>Learns mean and biased variance of <paramref name="data"/> over all axes but the kept ones; forgets what was learned before.</summary>
    /// <param name="data">(samples, …), as the layer's input.</param>
    /// <exception cref="InvalidOperationException">Mean and variance were given.</exception>
    /// <exception cref="ArgumentException">The shape does not fit, or there are no data.</exception>
    public void Adapt(Tensor<float> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Mean is not null)
            throw new InvalidOperationException($"Layer '{Name}' (Normalization): its mean and variance were given; leave them out to adapt them.");
        if (data.Rank == 0 || data.Count == 0)
            throw new ArgumentException($"Layer '{Name}' (Normalization): data of shape {Tensors.Shapes.Format(data.Shape)} hold no samples; expected (samples, …).", nameof(data));
        SymbolicShape shape = SymbolicShape.Of(data.Shape).With(0, null);
        InferShapes([shape]);
        (double[] means, double[] variances) = Statistics(data, Broadcast(shape));
        _mean!.Assign(Narrow(means, _mean.Shape));
        _variance!.Assign(Narrow(variances, _variance.Shape));
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (Mean is null != Variance is null)
            throw ShapeError($"it has a {(Mean is null ? "variance" : "mean")} but no {(Mean is null ? "mean" : "variance")}; give both, or none and call Adapt.");
        foreach (int axis in _axes)
        {
            if (axis >= shape.Rank || axis < -shape.Rank)
                throw ShapeError($"{shape} has no axis {axis}; expected {-shape.Rank} … {shape.Rank - 1}.");
            if (shape[axis < 0 ? axis + shape.Rank : axis] is null)
                throw ShapeError($"axis {axis} of {shape} is undefined, but each of its indices has a mean and a variance. Give the input a defined size there, or leave the axis out.");
        }
        int[] kept = Kept(Broadcast(shape));
        int count = Tensors.Shapes.Count(kept);
        if ((Mean is { } means && means.Count != 1 && means.Count != count) || (Variance is { } variances && variances.Count != 1 && variances.Count != count))
            throw ShapeError($"it has {Mean!.Count} means and {Variance!.Count} variances; expected 1 or {count} of each for {shape} with axes ({string.Join(", ", _axes)}).");
        if (_mean is not null && !_mean.Shape.SequenceEqual(kept))
            throw ShapeError($"it was made for statistics of shape {Tensors.Shapes.Format(_mean.Shape)}; got {shape}, which has {Tensors.Shapes.Format(kept)}. Use a second Normalization.");
        return shape;
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (Mean is not null)
            return;
        int[] kept = Kept(Broadcast(inputShapes[0]));
        _mean = AddWeight("mean", kept, StandardZeros, trainable: false);
        _variance = AddWeight("variance", kept, StandardOnes, trainable: false);
        AddWeight("count", [], StandardZeros, trainable: false);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int[] broadcast = Broadcast(SymbolicShape.Of(x.Shape));
        Variable mean = Statistic(_mean, Mean, broadcast, context);
        Variable deviation = VariableOps.Sqrt(Statistic(_variance, Variance, broadcast, context));
        deviation = VariableOps.Maximum(deviation, Filled.With(Smallest, context, 1));
        return inputs[0].With(Invert ? VariableOps.Add(VariableOps.Multiply(x, deviation), mean) : VariableOps.Divide(VariableOps.Subtract(x, mean), deviation));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("axis", _axes.Length == 0 ? null : LayerConfigReading.ToJson(_axes));
        config.Set("mean", Mean is { } mean ? Numbers.Write(mean) : null);
        config.Set("variance", Variance is { } variance ? Numbers.Write(variance) : null);
        config.Set("invert", Invert);
    }

    // A weight knows no context: the product with ones is the weight's value, read again at each replay.
    private static Variable Statistic(Parameter? weight, IReadOnlyList<double>? given, int[] broadcast, CallContext context)
    {
        if (weight is not null)
            return VariableOps.Reshape(VariableOps.Multiply(Filled.With(1f, context, weight.Shape), weight), broadcast);
        Tensor<float> tensor = context.Allocator.Allocate(given!.Count == 1 ? [1] : broadcast);
        for (int i = 0; i < given.Count; i++)
            tensor.AsSpan()[i] = (float)given[i];
        return context.Constant(tensor);
    }

    // The input's shape with 1 for every axis that is not kept.
    private int[] Broadcast(SymbolicShape shape)
    {
        int[] broadcast = [.. Enumerable.Repeat(1, shape.Rank)];
        foreach (int axis in _axes)
        {
            int at = axis < 0 ? axis + shape.Rank : axis;
            broadcast[at] = shape[at]!.Value;
        }
        return broadcast;
    }

    private int[] Kept(int[] broadcast)
        => [.. _axes.Select(axis => axis < 0 ? axis + broadcast.Length : axis).Distinct().Order().Select(axis => broadcast[axis])];

    private static (double[] Means, double[] Variances) Statistics(Tensor<float> data, int[] broadcast)
    {
        var values = new float[data.Count];
        data.CopyTo(values);
        int[] shape = data.Shape.ToArray();
        int groups = Tensors.Shapes.Count(broadcast);
        double perGroup = values.Length / groups;
        double[] means = new double[groups], variances = new double[groups];
        for (int i = 0; i < values.Length; i++)
            means[Group(i)] += values[i] / perGroup;
        for (int i = 0; i < values.Length; i++)
        {
            int group = Group(i);
            double distance = values[i] - means[group];
            variances[group] += distance * distance / perGroup;
        }
        return (means, variances);

        int Group(int flat)
        {
            int group = 0, stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int at = flat % shape[axis];
                flat /= shape[axis];
                if (broadcast[axis] == 1)
                    continue;
                group += at * stride;
                stride *= broadcast[axis];
            }
            return group;
        }
    }

    private static Tensor<float> Narrow(double[] values, ReadOnlySpan<int> shape)
    {
        Tensor<float> tensor = Tensor.Zeros<float>(shape);
        for (int i = 0; i < values.Length; i++)
            tensor.AsSpan()[i] = (float)values[i];
        return tensor;
    }

    private static double[]? Checked(IReadOnlyList<double>? values, string name, double least)
    {
        if (values is null)
            return null;
        foreach (double value in values)
        {
            if (!double.IsFinite(value) || value < least)
                throw new ArgumentOutOfRangeException(name, $"Normalization: {name} holds {LayerConfigReading.Text(value)}; expected finite numbers{(least == 0 ? " of at least 0" : "")}.");
        }
        return [.. values];
    }
}
