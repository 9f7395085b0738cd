namespace FlatFuse.Kernels;

/// <summary>A value seen as (outer, channels, inner): the axes before that of the channels, the channels, and those behind.</summary>
/// <param name="Outer">Product of the sizes before the channels, 0 or more.</param>
/// <param name="Channels">Channels, 0 or more.</param>
/// <param name="Inner">Product of the sizes behind; 1 where channels are the last axis.</param>
public readonly record struct ChannelLayout(int Outer, int Channels, int Inner)
{
    /// <summary>Elements.</summary>
    public long Count => (long)Outer * Channels * Inner;

    /// <summary>Elements of each channel.</summary>
    public long Entries => (long)Outer * Inner;
}
