using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Joins its inputs along an axis: (batch, a) and (batch, b) become (batch, a + b). All have the same rank and agree on every
/// other axis. Gradient: each input gets its part of dy. Masks are joined along the steps when the steps are joined (an input
/// without one counts as real), else combined with a logical or. Source: Keras 3, <c>keras.layers.Concatenate</c>.
/// </summary>
public sealed class Concatenate : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Where to join, the batch counted as 0; −1 is the last. Not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axis"/> is 0.</exception>
    public Concatenate(int axis = -1)
        => Axis = axis != 0
            ? axis
            : throw new ArgumentOutOfRangeException(nameof(axis), "Concatenate: axis is 0, the batch; expected an axis of the samples such as 1 or -1.");

    /// <summary>Where to join.</summary>
    public int Axis { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Concatenate FromConfig(LayerConfig config) => new(config.OptionalInt("axis") ?? -1);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // A list of one is allowed, as in Keras: code that joins whatever branches there are need not ask how many.
        if (inputShapes.Count == 0)
            throw ShapeError("joining needs at least 1 input; got none. Apply it to all branches at once: Apply(a, b).");
        SymbolicShape first = inputShapes[0];
        foreach (SymbolicShape shape in inputShapes)
        {
            if (shape.Rank != first.Rank)
                throw ShapeError($"inputs {ShapeText.List(inputShapes)} differ in rank: {string.Join(", ", inputShapes.Select(input => input.Rank))}. All must have the same. {RankFix(inputShapes)}");
        }
        if (Axis < -first.Rank || Axis >= first.Rank || Axis == -first.Rank)
            throw ShapeError($"inputs {ShapeText.List(inputShapes)} have no axis {Axis} to join along; expected 1 … {first.Rank - 1} or -{first.Rank - 1} … -1.");
        int axis = Position(first.Rank);
        SymbolicShape result = first;
        for (int i = 1; i < inputShapes.Count; i++)
            result = Join(result, inputShapes[i], axis, inputShapes);
        return result;
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        var values = new Variable[inputs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = inputs[i].Variable;
        int axis = Position(values[0].Rank);
        return new LayerValue(VariableOps.Concatenate(values, axis), JoinMasks(inputs, axis, context));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("axis", Axis);

    private int Position(int rank) => Axis < 0 ? Axis + rank : Axis;

    private SymbolicShape Join(SymbolicShape left, SymbolicShape right, int axis, IReadOnlyList<SymbolicShape> all)
    {
        SymbolicShape result = left;
        for (int i = 0; i < left.Rank; i++)
        {
            if (i == axis)
                result = result.With(i, Fits((long?)left[i] + right[i], $"the joined axis {axis} of {ShapeText.List(all)}"));
            else if (left[i] is { } a && right[i] is { } b && a != b)
                throw ShapeError($"inputs {ShapeText.List(all)} differ on axis {i}: {a} and {b}. All axes but the one joined along, {axis}, must agree; Flatten the branches first to join them whole.");
            else
                result = result.With(i, left[i] ?? right[i]);
        }
        return result;
    }

    private static Variable? JoinMasks(ReadOnlySpan<LayerValue> inputs, int axis, CallContext context)
    {
        bool any = false, all = true;
        int maskRank = 0;
        foreach (LayerValue input in inputs)
        {
            any |= input.Mask is not null;
            all &= input.Mask is not null;
            maskRank = Math.Max(maskRank, input.Mask?.Rank ?? 0);
        }
        // A mask has one axis less than its value; where it has as many (ids that carry their own mask), Keras's rule gives no steps.
        if (!any || maskRank >= inputs[0].Variable.Rank)
            return null;
        // Along the features a step is real when it is real in any input: one input without a mask makes every step real.
        if (axis >= maskRank)
            return all ? OrMasks(inputs) : null;

        var masks = new Variable[inputs.Length];
        for (int i = 0; i < masks.Length; i++)
            masks[i] = inputs[i].Mask ?? Filled.With(1f, context, inputs[i].Variable.Shape[..maskRank]);
        return VariableOps.Concatenate(masks, axis);
    }

    private static Variable OrMasks(ReadOnlySpan<LayerValue> inputs)
    {
        Variable mask = inputs[0].Mask!;
        for (int i = 1; i < inputs.Length; i++)
            mask = ReferenceEquals(mask, inputs[i].Mask) ? mask : VariableOps.Maximum(mask, inputs[i].Mask!);
        return mask;
    }

    // The usual slip: one branch is (None, 1, n) because of Reshape([-1, n]), or still has its steps.
    private static string RankFix(IReadOnlyList<SymbolicShape> shapes)
    {
        int lowest = shapes.Min(shape => shape.Rank);
        SymbolicShape highest = shapes.MaxBy(shape => shape.Rank)!;
        return lowest != 2
            ? "Reshape the branches to one rank first."
            : ShapeText.SampleSize(highest) is { } size
                ? $"Bring {highest} to rank 2 with Flatten(), or with Reshape([{size}]) instead of Reshape([-1, {size}])."
                : $"Bring {highest} to rank 2 with Flatten() or a global pooling.";
    }
}
