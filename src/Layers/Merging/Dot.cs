using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Sums products along one axis of each of two inputs, sample by sample: of (batch, i) and (batch, i) come (batch, 1), of (batch, m, k) and
/// (batch, k, n) along axes (2, 1) come (batch, m, n); the first input's other axes stand before the second's. With <see cref="Normalize"/> the vectors
/// along the axes are divided by their Euclidean length first, so that the result is a cosine. The mask is dropped.
/// Gradient: <c>da = dy · bᵀ</c>, <c>db = aᵀ · dy</c>. Source: Keras 3, <c>keras.layers.Dot</c>.
/// </summary>
public sealed class Dot : Layer
{
    /// <summary>Creates the layer for one axis of both inputs.</summary>
    /// <param name="axes">The axis, the batch counted as 0; negative counts from the last. Not 0.</param>
    public Dot(int axes)
        : this(axes, axes)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="first">The first input's axis, the batch counted as 0; negative counts from the last. Not 0.</param>
    /// <param name="second">The second input's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is 0, the batch.</exception>
    public Dot(int first, int second)
    {
        if (first == 0 || second == 0)
            throw new ArgumentOutOfRangeException(nameof(first), $"Dot: axes are ({first}, {second}), where 0 is the batch; expected axes of the samples such as 1 or -1.");
        Axes = (first, second);
    }

    /// <summary>The axis of each input.</summary>
    public (int First, int Second) Axes { get; }

    /// <summary>True to divide the vectors along the axes by their Euclidean length first.</summary>
    public bool Normalize { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Dot FromConfig(LayerConfig config)
    {
        int[] axes = config.IntOrInts("axes", -1);
        return axes.Length is 1 or 2
            ? new Dot(axes[0], axes[^1]) { Normalize = config.Bool("normalize", false) }
            : throw new InvalidDataException($"Architecture: Dot '{config.Name}' has {axes.Length} axes; expected one, or one for each of the two inputs.");
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count != 2)
            throw ShapeError($"takes exactly 2 inputs; got {inputShapes.Count}. Apply it to two branches: Apply(a, b).");
        SymbolicShape left = inputShapes[0], right = inputShapes[1];
        int first = AxisOf(Axes.First, left, inputShapes), second = AxisOf(Axes.Second, right, inputShapes);
        if (left[first] is { } m && right[second] is { } n && m != n)
            throw ShapeError($"inputs {ShapeText.List(inputShapes)} have {m} and {n} entries along axes ({Axes.First}, {Axes.Second}); expected as many in both.");
        List<int?> sizes = [left[0] ?? right[0], .. Rest(left, first), .. Rest(right, second)];
        if (sizes.Count == 1)
            sizes.Add(1);
        return new SymbolicShape([.. sizes]);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable left = Last(inputs[0].Variable, Axes.First), right = Last(inputs[1].Variable, Axes.Second);
        int[] shape = [left.Shape[0], .. left.Shape[1..^1], .. right.Shape[1..^1]];
        Variable products = VariableOps.MatMul(Rows(left), Rows(right), transposeB: true);
        return VariableOps.Reshape(products, shape.Length == 1 ? [shape[0], 1] : shape);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("axes", Axes.First == Axes.Second ? Axes.First : LayerConfigReading.ToJson(Axes.First, Axes.Second));
        config.Set("normalize", Normalize);
    }

    private Variable Last(Variable x, int axis)
    {
        int position = axis < 0 ? axis + x.Rank : axis;
        Variable last = position == x.Rank - 1 ? x : VariableOps.Transpose(x, Layers.Axes.MovedToEnd(x.Rank, position));
        return Normalize ? VariableOps.UnitNormalization(last) : last;
    }

    // (batch, …, k) as one matrix a sample.
    private static Variable Rows(Variable x) => VariableOps.Reshape(x, x.Shape[0], Shapes.Count(x.Shape[1..^1]), x.Shape[^1]);

    private static IEnumerable<int?> Rest(SymbolicShape shape, int axis)
        => shape.Where((_, index) => index != 0 && index != axis);

    private int AxisOf(int axis, SymbolicShape shape, IReadOnlyList<SymbolicShape> all)
    {
        if (axis >= shape.Rank || axis <= -shape.Rank)
            throw ShapeError($"inputs {ShapeText.List(all)}: {shape} has no axis {axis}; expected 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1.");
        return axis < 0 ? axis + shape.Rank : axis;
    }
}
