namespace FlatFuse.Kernels;

/// <summary>How a window that slides along an axis meets its ends.</summary>
public enum ConvolutionPadding
{
    /// <summary>Only whole windows: <c>out = ⌊(n − span) / stride⌋ + 1</c>.</summary>
    Valid,

    /// <summary>Padded so that <c>out = ⌈n / stride⌉</c>; the smaller half of the padding in front.</summary>
    Same,

    /// <summary><c>span − 1</c> entries of padding in front, none behind: an output never sees a later input.</summary>
    Causal,
}
