namespace FlatFuse.Layers;

/// <summary>What the cells' configurations have in common.</summary>
internal static class CellConfig
{
    /// <summary>A cell sees one step and cannot keep one dropout mask for a sequence: a file that asks for it is refused, not read as something else.</summary>
    /// <exception cref="NotSupportedException">A rate is above 0.</exception>
    public static void RefuseDropout(string cell, LayerConfig config)
    {
        if (config.Double("dropout", 0) > 0 || config.Double("recurrent_dropout", 0) > 0)
            throw new NotSupportedException($"Architecture: {cell} '{config.Name}' has dropout, which a cell alone does not do here; use the layer ({cell[..^4]}), which does.");
    }
}
