using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Every entry is one.</summary>
public sealed class Ones() : Constant(1)
{
    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
    }
}
