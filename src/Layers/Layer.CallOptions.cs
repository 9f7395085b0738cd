using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

public abstract partial class Layer
{
    /// <summary>
    /// Takes an option that a file gives at a call of the layer, not in its configuration. One that would change the result and is not known is refused;
    /// <c>training</c> is the model's to say.
    /// </summary>
    /// <param name="key">Keras's argument, for example <c>use_causal_mask</c>.</param>
    /// <param name="value">Neither null nor false.</param>
    /// <exception cref="NotSupportedException">The layer has no such option.</exception>
    internal virtual void ReadCallOption(string key, JsonNode value)
    {
        if (key != "training")
            throw new NotSupportedException($"Architecture: layer '{Name}' ({ClassName}) is called with {key} = {value.ToJsonString()}, which is not supported. Leave it out.");
    }
}
