using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Every entry is zero: the default of biases.</summary>
public sealed class Zeros() : Constant(0)
{
    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
    }
}
