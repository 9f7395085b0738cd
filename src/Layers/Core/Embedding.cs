using System.Globalization;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Looks up a row for each whole number: <c>y[…, :] = embeddings[x[…], :]</c>. Input (batch, steps) or any other shape of ids,
/// output the same with an axis of <c>outputDim</c> more. With <see cref="MaskZero"/> id 0 means padding, and the output carries
/// the mask <c>x ≠ 0</c>. Gradient: <c>dembeddings[id] = Σ dy</c> over the places of that id; none for the ids.
/// Source: Keras 3, <c>keras.layers.Embedding</c>.
/// </summary>
public sealed class Embedding : Layer
{
    // Ids travel as float32, which holds every whole number up to 2^24 and not the one after it.
    private const int MostIds = (1 << 24) + 1;

    private static readonly Initializer Standard = new RandomUniform();

    private Parameter? _embeddings;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputDim">The vocabulary: ids are 0 … inputDim − 1.</param>
    /// <param name="outputDim">Entries of a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the vocabulary is above 16,777,217: ids are read as float32.</exception>
    public Embedding(int inputDim, int outputDim)
    {
        InputDim = Guard.Positive(inputDim, nameof(Embedding));
        if (inputDim > MostIds)
            throw new ArgumentOutOfRangeException(nameof(inputDim), string.Create(CultureInfo.InvariantCulture, $"Embedding: inputDim is {inputDim}; expected at most {MostIds}, because ids are float32, which does not tell larger whole numbers from their neighbours. Map rare words to one id, or hash them into fewer."));
        OutputDim = Guard.Positive(outputDim, nameof(Embedding));
    }

    /// <summary>The vocabulary: ids are 0 … InputDim − 1.</summary>
    public int InputDim { get; }

    /// <summary>Entries of a row.</summary>
    public int OutputDim { get; }

    /// <summary>True when id 0 means padding.</summary>
    public bool MaskZero { get; init; }

    /// <summary>Draws the table: uniform between −0.05 and 0.05 unless set.</summary>
    public Initializer EmbeddingsInitializer { get; init; } = Standard;

    /// <summary>Penalises the table; none when null.</summary>
    public Regularizer? EmbeddingsRegularizer { get => RegularizerOf("embeddings"); init => SetRegularizer("embeddings", value); }

    /// <summary>Bounds the table after each update; none when null.</summary>
    public Constraint? EmbeddingsConstraint { get => ConstraintOf("embeddings"); init => SetConstraint("embeddings", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Embedding FromConfig(LayerConfig config) => new(config.Int("input_dim"), config.Int("output_dim"))
    {
        MaskZero = config.Bool("mask_zero", false),
        EmbeddingsInitializer = config.Initializer("embeddings_initializer", Standard),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
        => new([.. OneInput(inputShapes), OutputDim]);

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
        => _embeddings = AddWeight("embeddings", [InputDim, OutputDim], EmbeddingsInitializer);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable ids = inputs[0].Variable;
        Variable? mask = MaskZero ? VariableOps.NotZero(ids) : null;
        return new LayerValue(VariableOps.Embedding(ids, _embeddings!), mask);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("input_dim", InputDim);
        config.Set("output_dim", OutputDim);
        config.Set("mask_zero", MaskZero);
        config.SetInitializer("embeddings_initializer", EmbeddingsInitializer, Standard);
    }
}
