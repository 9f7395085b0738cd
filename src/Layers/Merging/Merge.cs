using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// What element-wise merging layers share: at least two inputs, broadcasting as NumPy does after the batch axis (a shorter
/// shape gets axes of one behind the batch), and the mask: the logical or of all, none if any input has none.
/// </summary>
public abstract class Merge : Layer
{
    private protected Merge()
    {
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        CheckCount(inputShapes);
        SymbolicShape result = inputShapes[0];
        for (int i = 1; i < inputShapes.Count; i++)
            result = Broadcast(result, inputShapes[i], inputShapes);
        return result;
    }

    /// <summary>Refuses fewer inputs than merging needs.</summary>
    /// <param name="inputShapes">Batch first; null sizes are unknown.</param>
    private protected virtual void CheckCount(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count < 2)
            throw ShapeError($"merging needs at least 2 inputs; got {inputShapes.Count}{(inputShapes.Count == 1 ? $": {inputShapes[0]}" : "")}. Apply it to all branches at once: Apply(a, b).");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => Merged(inputs);

    /// <summary>
    /// <see cref="Call"/> for combinations without a neutral element, as Keras does it: where one side is padding the other's
    /// entry stands on both sides.
    /// </summary>
    /// <param name="inputs">Values with their masks.</param>
    private protected LayerValue CallUnderMasks(ReadOnlySpan<LayerValue> inputs)
    {
        bool anyMask = false;
        foreach (LayerValue input in inputs)
            anyMask |= input.Mask is not null;
        if (!anyMask)
            return Merged(inputs);

        int rank = LargestRank(inputs);
        Variable result = Align(inputs[0].Variable, rank);
        Variable? mask = inputs[0].Mask;
        for (int i = 1; i < inputs.Length; i++)
        {
            Variable next = Align(inputs[i].Variable, rank);
            if (inputs[i].Mask is { } real)
                next = VariableOps.Where(Masking.Widen(real, rank), next, result);
            if (mask is not null)
                result = VariableOps.Where(Masking.Widen(mask, rank), result, next);
            mask = mask is not null && inputs[i].Mask is { } other ? Or(mask, other) : null;
            result = Combine(result, next);
        }
        return new LayerValue(result, mask);
    }

    /// <summary>Joins the result so far with the next input.</summary>
    /// <param name="left">The result so far.</param>
    /// <param name="right">The next input.</param>
    private protected abstract Variable Combine(Variable left, Variable right);

    /// <summary>What is left to do with the combination of all inputs.</summary>
    /// <param name="combined">All inputs combined.</param>
    /// <param name="count">How many they were.</param>
    private protected virtual Variable Finish(Variable combined, int count) => combined;

    /// <summary>The logical or of all masks; null if any input has none.</summary>
    /// <param name="inputs">Values with their masks.</param>
    private protected static Variable? OrMask(ReadOnlySpan<LayerValue> inputs)
    {
        Variable? mask = inputs[0].Mask;
        for (int i = 1; i < inputs.Length && mask is not null; i++)
            mask = inputs[i].Mask is { } next ? Or(mask, next) : null;
        return mask;
    }

    /// <summary>The logical or of two masks of zeros and ones.</summary>
    /// <param name="left">1 where real.</param>
    /// <param name="right">1 where real.</param>
    private protected static Variable Or(Variable left, Variable right)
        => ReferenceEquals(left, right) ? left : VariableOps.Maximum(left, right);

    /// <summary>The largest rank among the inputs.</summary>
    /// <param name="inputs">Values with their masks.</param>
    private protected static int LargestRank(ReadOnlySpan<LayerValue> inputs)
    {
        int rank = 0;
        foreach (LayerValue input in inputs)
            rank = Math.Max(rank, input.Variable.Rank);
        return rank;
    }

    /// <summary>The value with axes of one behind the batch, up to the rank.</summary>
    /// <param name="x">A value.</param>
    /// <param name="rank">At least the value's.</param>
    private protected static Variable Align(Variable x, int rank)
    {
        int missing = rank - x.Rank;
        if (missing == 0)
            return x;
        var shape = new int[rank];
        shape[0] = x.Shape[0];
        shape.AsSpan(1, missing).Fill(1);
        x.Shape[1..].CopyTo(shape.AsSpan(1 + missing));
        return VariableOps.Reshape(x, shape);
    }

    private LayerValue Merged(ReadOnlySpan<LayerValue> inputs)
    {
        int rank = LargestRank(inputs);
        Variable result = Align(inputs[0].Variable, rank);
        for (int i = 1; i < inputs.Length; i++)
            result = Combine(result, Align(inputs[i].Variable, rank));
        return new LayerValue(Finish(result, inputs.Length), OrMask(inputs));
    }

    private SymbolicShape Broadcast(SymbolicShape left, SymbolicShape right, IReadOnlyList<SymbolicShape> all)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        var sizes = new int?[rank];
        for (int axis = 1; axis < rank; axis++)
        {
            int? a = SizeOf(left, axis - (rank - left.Rank)), b = SizeOf(right, axis - (rank - right.Rank));
            if (a is { } x && b is { } y && x != y && x != 1 && y != 1)
                throw ShapeError($"inputs {ShapeText.List(all)} do not fit: sizes {x} and {y} are neither equal nor 1. Bring the branches to one width first, for example with Dense({x}), or join them with Concatenate.");
            sizes[axis] = a is null || b is null ? null : a == 1 ? b : a;
        }
        if (left[0] is { } m && right[0] is { } n && m != n)
            throw ShapeError($"inputs {ShapeText.List(all)} have batches of {m} and {n} samples; expected the same.");
        sizes[0] = left[0] ?? right[0];
        return new SymbolicShape(sizes);
    }

    // Axes in front of a shorter shape, behind the batch, count as 1.
    private static int? SizeOf(SymbolicShape shape, int axis) => axis < 1 ? 1 : shape[axis];
}
