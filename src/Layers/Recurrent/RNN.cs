using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Runs a <see cref="RecurrentCell"/> over a sequence. Input (batch, steps, features); output (batch, width) after the last step, or (batch, steps, width) with
/// <see cref="RecurrentLayer.ReturnSequences"/>.
/// </summary>
/// <remarks>
/// <para>Cost: the steps are written out, so there are as many small nodes as steps times operations in the cell, each with memory of its own; expect ten to a hundred
/// times the time of <see cref="LSTM"/>, <see cref="GRU"/> and <see cref="SimpleRNN"/>, which are one node each. It is for cells that those cannot be.
/// Sequences whose length differs from batch to batch are recorded once for each length.</para>
/// <para>What the cell computes at a padded step is thrown away, NaN included, and it never sees padding: it is shown a real step of the row instead.</para>
/// <para>A model over a cell of your own runs every step eagerly instead of replaying a recorded one, and cannot be saved whole, because a file can never name code:
/// save its weights. Gradient: that of the operations in the cell. Source: Keras 3, <c>keras.layers.RNN</c>.</para>
/// </remarks>
public sealed class RNN : RecurrentLayer
{
    private int? _features;

    /// <summary>Creates the layer.</summary>
    /// <param name="cell">The step.</param>
    public RNN(RecurrentCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Cell = cell;
        Sublayers = [cell];
    }

    /// <summary>The step.</summary>
    public RecurrentCell Cell { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Layer> Sublayers { get; }

    internal override bool CanBeCopied => Cell.GetType().Assembly == typeof(RNN).Assembly;

    private protected override IReadOnlyList<int> StateWidths => Cell.StateSizes;

    private protected override int OutputWidth => Cell.OutputSize;

    private protected override IReadOnlyList<string> StateNames => [.. Cell.StateSizes.Select((_, index) => $"{index}")];

    private protected override int? KnownFeatures => _features;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    /// <param name="readLayer">Reads the cell.</param>
    public static RNN FromConfig(LayerConfig config, Func<JsonObject, Layer> readLayer)
        => config.Json["cell"] is JsonObject json && readLayer(json) is RecurrentCell cell
            ? new RNN(cell)
            {
                ReturnSequences = config.Bool("return_sequences", false),
                ReturnState = config.Bool("return_state", false),
                GoBackwards = config.Bool("go_backwards", false),
                Stateful = config.Bool("stateful", false),
                ZeroOutputForMask = config.Bool("zero_output_for_mask", false),
            }
            : throw new InvalidDataException($"Architecture: RNN '{config.Name}' has no cell in its config; expected {{\"class_name\", \"config\"}} of a known cell.");

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = inputShapes[0];
        _features = shape[2];
        Cell.InferShapes([new SymbolicShape(shape[0], shape[2]), .. Cell.StateSizes.Select(size => new SymbolicShape(shape[0], size))]);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The cell is code of its user.</exception>
    protected internal override void WriteConfig(LayerConfig config)
    {
        if (!CanBeCopied)
            throw new NotSupportedException($"Layer '{Name}' (RNN): its cell {Cell.ClassName} is code of your own and cannot be saved, because a file can never name code. Save the weights alone with SaveWeights and make the model in code.");
        base.WriteConfig(config);
        config.Set("cell", LayerRegistry.Write(Cell));
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        int batch = x.Shape[0], steps = x.Shape[1], features = x.Shape[2];
        Variable[] states = initial.Length > 0 ? [.. initial] : [.. Cell.StateSizes.Select(size => Filled.With(0f, context, batch, size))];
        Variable previous = Filled.With(0f, context, batch, Cell.OutputSize);
        Variable[] outputs = ReturnSequences ? new Variable[steps] : [];
        if (mask is not null)
            x = RealSteps.Of(x, mask, context);
        for (int step = 0; step < steps; step++)
        {
            int position = GoBackwards ? steps - 1 - step : step;
            Variable xt = VariableOps.Reshape(VariableOps.Slice(x, 1, position, 1), batch, features);
            IReadOnlyList<LayerValue> next = Cell.Invoke([xt, .. states.Select(state => (LayerValue)state)], context);
            Variable? real = mask is null ? null : VariableOps.Slice(mask, 1, position, 1);
            previous = real is null ? next[0].Variable : VariableOps.Where(real, next[0].Variable, previous);
            for (int i = 0; i < states.Length; i++)
                states[i] = real is null ? next[i + 1].Variable : VariableOps.Where(real, next[i + 1].Variable, states[i]);
            if (ReturnSequences)
                outputs[step] = VariableOps.Reshape(previous, batch, 1, Cell.OutputSize);
        }
        return (ReturnSequences ? VariableOps.Concatenate(outputs, 1) : previous, states);
    }
}
