using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

public abstract partial class Layer
{
    /// <summary>Calls the layer on placeholders with options of this call and returns its single output.</summary>
    /// <param name="options">They hold for this call alone.</param>
    /// <param name="inputs">One placeholder, or several for merging layers and models.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the layer has no such option.</exception>
    public SymbolicTensor Apply(CallOptions options, params ReadOnlySpan<SymbolicTensor> inputs) => Single(ApplyMany(options, inputs));

    /// <summary>The same for all outputs.</summary>
    /// <param name="options">They hold for this call alone.</param>
    /// <param name="inputs">One placeholder, or several for merging layers and models.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the layer has no such option.</exception>
    public IReadOnlyList<SymbolicTensor> ApplyMany(CallOptions options, params ReadOnlySpan<SymbolicTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Training is { } training)
            throw ShapeError($"it is called on placeholders with Training = {training}; expected none, for fit and predict decide it for all layers of a graph. Call it in the Call of a SubclassedModel, where it holds.");
        return Record(inputs, options);
    }

    /// <summary>Calls the layer on values, at once, with options of this call and returns its single output.</summary>
    /// <param name="options">They hold for this call alone.</param>
    /// <param name="inputs">Values; their context is the call's.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the layer has no such option.</exception>
    public Variable Apply(CallOptions options, params ReadOnlySpan<Variable> inputs) => Single(ApplyMany(options, inputs));

    /// <summary>The same for all outputs.</summary>
    /// <param name="options">They hold for this call alone.</param>
    /// <param name="inputs">Values; their context is the call's.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the layer has no such option.</exception>
    public IReadOnlyList<Variable> ApplyMany(CallOptions options, params ReadOnlySpan<Variable> inputs)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Compute(inputs, options);
    }

    /// <summary>The outputs' shapes under options; refuses what the layer does not have.</summary>
    /// <param name="outputs">The shapes without.</param>
    /// <param name="inputs">Shapes of the call's inputs.</param>
    /// <param name="options">Of this call.</param>
    internal virtual IReadOnlyList<SymbolicShape> ShapesUnder(IReadOnlyList<SymbolicShape> outputs, IReadOnlyList<SymbolicShape> inputs, CallOptions options)
        => options is { UseCausalMask: null, ReturnAttentionScores: false }
            ? outputs
            : throw ShapeError($"it is called with options of attention ({options}); expected an Attention, AdditiveAttention or MultiHeadAttention layer. Leave them out.");

    /// <summary>Computes the outputs under options that the layer has.</summary>
    /// <param name="inputs">Values with their masks.</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    /// <param name="options">Of this call.</param>
    internal virtual IReadOnlyList<LayerValue> CallUnder(ReadOnlySpan<LayerValue> inputs, CallContext context, CallOptions options) => CallMany(inputs, context);

    /// <summary>
    /// Takes an option that a file gives at a call of the layer, not in its configuration. One that would change the result and is not known is refused.
    /// So is <c>training</c>, which is the model's to say.
    /// </summary>
    /// <param name="options">What the call has so far.</param>
    /// <param name="key">Keras's argument, for example <c>use_causal_mask</c>.</param>
    /// <param name="value">Not null.</param>
    /// <returns>The options with this one.</returns>
    /// <exception cref="InvalidDataException">The call fixes <c>training</c>.</exception>
    /// <exception cref="NotSupportedException">The layer has no such option.</exception>
    internal virtual CallOptions? ReadCallOption(CallOptions? options, string key, JsonValue value)
    {
        if (key == "training")
            throw new InvalidDataException($"Architecture: layer '{Name}' ({ClassName}) is called with training = {value.ToJsonString()}; expected none, for fit and predict decide it here, and dropout or batch normalisation would compute something else than the file asks for. Leave it out of the call.");
        return value.TryGetValue(out bool on) && !on
            ? options
            : throw new NotSupportedException($"Architecture: layer '{Name}' ({ClassName}) is called with {key} = {value.ToJsonString()}, which is not supported. Leave it out.");
    }
}
