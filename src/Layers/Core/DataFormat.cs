namespace FlatFuse.Layers;

/// <summary>Where the channels lie.</summary>
public enum DataFormat
{
    /// <summary>(batch, steps, channels): the default.</summary>
    ChannelsLast,

    /// <summary>(batch, channels, steps).</summary>
    ChannelsFirst,
}
