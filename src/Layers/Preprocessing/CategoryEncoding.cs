using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Turns category ids into vectors of <see cref="NumTokens"/> entries. Input (…, n) of whole numbers; output (…, tokens) for
/// <see cref="CategoryMode.MultiHot"/> and <see cref="CategoryMode.Count"/>; for <see cref="CategoryMode.OneHot"/> (…, n, tokens), or
/// (…, tokens) where n is 1. <see cref="CategoryMode.Count"/> takes a second input of the ids' shape, Keras's count weights: what each id counts
/// instead of 1. The mask is dropped; a gradient flows to the weights alone: <c>dw[…, i] = dy[…, id i]</c>. Source: Keras 3, <c>keras.layers.CategoryEncoding</c>.
/// </summary>
public sealed class CategoryEncoding : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="numTokens">Ids are 0 … numTokens − 1.</param>
    /// <param name="outputMode">Any but <see cref="CategoryMode.Int"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numTokens"/> is below 1, or there is no such mode.</exception>
    public CategoryEncoding(int numTokens, CategoryMode outputMode = CategoryMode.MultiHot)
    {
        NumTokens = Guard.Positive(numTokens, nameof(CategoryEncoding));
        OutputMode = Categories.Check(outputMode, nameof(CategoryEncoding)) != CategoryMode.Int
            ? outputMode
            : throw new ArgumentOutOfRangeException(nameof(outputMode), "CategoryEncoding: output mode Int would change nothing; expected OneHot, MultiHot or Count.");
    }

    /// <summary>Ids are 0 … NumTokens − 1; others are refused when they are met.</summary>
    public int NumTokens { get; }

    /// <summary>What the vectors hold.</summary>
    public CategoryMode OutputMode { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static CategoryEncoding FromConfig(LayerConfig config)
        => new(config.Int("num_tokens"), Categories.Read(config, nameof(CategoryEncoding), CategoryMode.MultiHot));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = inputShapes.Count == 2 && OutputMode == CategoryMode.Count ? inputShapes[0] : OneInput(inputShapes);
        if (inputShapes.Count == 2 && !SameSizes(shape, inputShapes[1]))
            throw ShapeError($"the ids are {shape}, the count weights {inputShapes[1]}; expected one weight an id, in the same shape.");
        return Categories.Shape(shape, OutputMode, NumTokens)
            ?? throw ShapeError($"{shape} has no axis of ids behind the batch; expected (None, n). Use Input.Of([1]) for one id a sample.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable ids = inputs[0].Variable;
        if (inputs.Length == 1)
            return Categories.Encode(ids, OutputMode, NumTokens);
        int[] column = [.. ids.Shape, 1];
        Variable oneHot = VariableOps.MultiHot(VariableOps.Reshape(ids, column), NumTokens);
        return VariableOps.Sum(oneHot * VariableOps.Reshape(inputs[1].Variable, column), -2);
    }

    private static bool SameSizes(SymbolicShape left, SymbolicShape right)
    {
        bool same = left.Rank == right.Rank;
        for (int axis = 0; same && axis < left.Rank; axis++)
            same = left[axis] is null || right[axis] is null || left[axis] == right[axis];
        return same;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("num_tokens", NumTokens);
        config.Set("output_mode", Categories.Spell(OutputMode));
        config.Set("sparse", false);
    }
}
