using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Runs a recurrent layer over a sequence in both directions, with weights of their own, and joins the outputs:
/// <c>y = merge(forward(x), flip(backward(x)))</c>. Input (batch, steps, features); output (batch, 2·units), or (batch, steps, 2·units) where the
/// layer returns sequences, when the outputs are concatenated, else units instead of 2·units.
/// </summary>
/// <remarks>
/// <para>Call it on [sequence] or [sequence, forward states, backward states]. Where the layer returns its state, the outputs are those of the sequence, then the
/// forward states, then the backward ones. At masked steps of sequences both directions give zeros. Gradient: that of the two layers.</para>
/// <para>The layer that is given is a pattern: the two inside are made from its configuration, as <c>forward_lstm</c> and <c>backward_lstm</c>, so weights that it has
/// already are not taken over. Source: Schuster and Paliwal (1997); Keras 3, <c>keras.layers.Bidirectional</c>.</para>
/// </remarks>
public sealed class Bidirectional : Layer
{
    private const string ForwardPrefix = "forward_";
    private const string BackwardPrefix = "backward_";

    /// <summary>Creates the wrapper.</summary>
    /// <param name="layer">The pattern of the forward layer, and of the backward one when that is not given.</param>
    /// <param name="mergeMode">How the outputs are joined.</param>
    /// <param name="backward">The backward layer itself; needed for an <see cref="RNN"/> over an own cell, which has no configuration to copy.</param>
    /// <exception cref="ArgumentException">Both layers go in one direction, or differ in what they return.</exception>
    public Bidirectional(RecurrentLayer layer, MergeMode mergeMode = MergeMode.Concatenate, RecurrentLayer? backward = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        MergeMode = Enum.IsDefined(mergeMode)
            ? mergeMode
            : throw new ArgumentOutOfRangeException(nameof(mergeMode), mergeMode, "Bidirectional: there is no such merge mode.");
        string name = WithoutPrefix(layer.Name);
        if (!layer.CanBeCopied && backward is null)
            throw new ArgumentException($"Bidirectional: {layer.ClassName} '{layer.Name}' runs a cell of your own, which cannot be copied; give the backward layer as well, with a second cell and GoBackwards.", nameof(backward));
        Forward = layer.CanBeCopied ? Copy(layer, ForwardPrefix + name, layer.GoBackwards) : layer;
        Backward = backward ?? Copy(layer, BackwardPrefix + name, true);
        Forward.AssignName(ForwardPrefix + name);
        Backward.AssignName(BackwardPrefix + name);
        CheckPair(Forward, Backward);
        Forward.ForceZeroOutputForMask();
        Backward.ForceZeroOutputForMask();
        Sublayers = [Forward, Backward];
    }

    /// <summary>How the outputs are joined.</summary>
    public MergeMode MergeMode { get; }

    /// <summary>The layer that begins with the first step.</summary>
    public RecurrentLayer Forward { get; }

    /// <summary>The layer that begins with the last step.</summary>
    public RecurrentLayer Backward { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Layer> Sublayers { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    /// <param name="readLayer">Reads the layers inside.</param>
    public static Bidirectional FromConfig(LayerConfig config, Func<JsonObject, Layer> readLayer)
    {
        MergeMode mode = config.Json.ContainsKey("merge_mode") && config.Json["merge_mode"] is null
            ? MergeMode.None
            : config.Text("merge_mode", "concat") switch
            {
                "concat" => MergeMode.Concatenate,
                "sum" => MergeMode.Sum,
                "mul" => MergeMode.Multiply,
                "ave" => MergeMode.Average,
                string other => throw new InvalidDataException($"Architecture: Bidirectional '{config.Name}' has merge_mode '{other}'; expected concat, sum, mul, ave or null."),
            };
        RecurrentLayer layer = Read("layer") ?? throw new InvalidDataException($"Architecture: Bidirectional '{config.Name}' has no 'layer' in its config.");
        return new Bidirectional(layer, mode, Read("backward_layer"));

        RecurrentLayer? Read(string key) => config.Json[key] is not JsonObject json
            ? null
            : readLayer(json) as RecurrentLayer
                ?? throw new InvalidDataException($"Architecture: Bidirectional '{config.Name}' wraps a {(string?)json["class_name"]}; expected a recurrent layer such as LSTM.");
    }

    /// <summary>Lets stateful layers inside begin their next call with zeros.</summary>
    public void ResetState() => ForgetState();

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => ComputeOutputShapes(inputShapes)[0];

    /// <inheritdoc/>
    protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count % 2 == 0)
            throw ShapeError($"expected the sequence alone, or with as many initial states for the forward as for the backward layer; got {inputShapes.Count} inputs.");
        int half = inputShapes.Count / 2;
        IReadOnlyList<SymbolicShape> forward, backward;
        try
        {
            forward = Forward.InferShapes([inputShapes[0], .. inputShapes.Skip(1).Take(half)]);
            backward = Backward.InferShapes([inputShapes[0], .. inputShapes.Skip(1 + half)]);
        }
        catch (ArgumentException refusal)
        {
            throw ShapeError(refusal.Message);
        }
        if (MergeMode != MergeMode.Concatenate && MergeMode != MergeMode.None && forward[0][-1] != backward[0][-1])
            throw ShapeError($"the forward layer gives {forward[0]}, the backward layer {backward[0]}; expected one width, or MergeMode.Concatenate.");
        IEnumerable<SymbolicShape> states = [.. forward.Skip(1), .. backward.Skip(1)];
        return MergeMode switch
        {
            MergeMode.None => [forward[0], backward[0], .. states],
            MergeMode.Concatenate => [forward[0].With(-1, Fits((long?)forward[0][-1] + backward[0][-1], "the joined output")), .. states],
            _ => [forward[0], .. states],
        };
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallMany(inputs, context)[0];

    /// <inheritdoc/>
    protected override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        int half = inputs.Length / 2;
        IReadOnlyList<LayerValue> forward = Forward.Invoke([inputs[0], .. inputs.Slice(1, half)], context);
        IReadOnlyList<LayerValue> backward = Backward.Invoke([inputs[0], .. inputs[(1 + half)..]], context);
        Variable first = forward[0].Variable;
        Variable second = Forward.ReturnSequences ? VariableOps.Flip(backward[0].Variable, 1) : backward[0].Variable;
        Variable? mask = forward[0].Mask;
        IEnumerable<LayerValue> states = [.. forward.Skip(1), .. backward.Skip(1)];
        if (MergeMode == MergeMode.None)
            return [new LayerValue(first, mask), new LayerValue(second, mask), .. states];
        Variable merged = MergeMode switch
        {
            MergeMode.Sum => first + second,
            MergeMode.Multiply => first * second,
            MergeMode.Average => (first + second) * 0.5f,
            _ => VariableOps.Concatenate([first, second], first.Rank - 1),
        };
        return [new LayerValue(merged, mask), .. states];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("merge_mode", MergeMode switch
        {
            MergeMode.Concatenate => "concat",
            MergeMode.Sum => "sum",
            MergeMode.Multiply => "mul",
            MergeMode.Average => "ave",
            _ => null,
        });
        config.Set("layer", LayerRegistry.Write(Forward));
        config.Set("backward_layer", LayerRegistry.Write(Backward));
    }

    private static RecurrentLayer Copy(RecurrentLayer layer, string name, bool goBackwards)
    {
        JsonObject json = LayerRegistry.Write(layer);
        json["config"]!["name"] = name;
        json["config"]!["go_backwards"] = goBackwards;
        return (RecurrentLayer)LayerRegistry.Read(json);
    }

    private static string WithoutPrefix(string name)
        => name.StartsWith(ForwardPrefix, StringComparison.Ordinal) ? name[ForwardPrefix.Length..]
            : name.StartsWith(BackwardPrefix, StringComparison.Ordinal) ? name[BackwardPrefix.Length..]
            : name;

    private static void CheckPair(RecurrentLayer forward, RecurrentLayer backward)
    {
        if (forward.GoBackwards == backward.GoBackwards)
            throw new ArgumentException($"Bidirectional: both layers have GoBackwards = {forward.GoBackwards}; expected two directions. Leave GoBackwards out of the wrapped layer, and set it on a backward layer of your own.");
        Check("ReturnSequences", forward.ReturnSequences, backward.ReturnSequences);
        Check("ReturnState", forward.ReturnState, backward.ReturnState);
        Check("Stateful", forward.Stateful, backward.Stateful);

        static void Check(string option, bool first, bool second)
        {
            if (first != second)
                throw new ArgumentException($"Bidirectional: {option} is {first} in the forward layer and {second} in the backward layer; expected the same in both.");
        }
    }
}
