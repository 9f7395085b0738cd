using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

public abstract partial class Layer
{
    /// <summary>
    /// Takes an option that a file gives at a call of the layer, not in its configuration. One that would change the result and is not known is refused.
    /// So is <c>training</c>, which is the model's to say.
    /// </summary>
    /// <param name="key">Keras's argument, for example <c>use_causal_mask</c>.</param>
    /// <param name="value">Not null; false for <c>training</c> only.</param>
    /// <exception cref="InvalidDataException">The call fixes <c>training</c>.</exception>
    /// <exception cref="NotSupportedException">The layer has no such option.</exception>
    internal virtual void ReadCallOption(string key, JsonNode value)
    {
        if (key == "training")
            throw new InvalidDataException($"Architecture: layer '{Name}' ({ClassName}) is called with training = {value.ToJsonString()}; expected none, for fit and predict decide it here, and dropout or batch normalisation would compute something else than the file asks for. Leave it out of the call.");
        throw new NotSupportedException($"Architecture: layer '{Name}' ({ClassName}) is called with {key} = {value.ToJsonString()}, which is not supported. Leave it out.");
    }
}
