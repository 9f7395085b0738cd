namespace FlatFuse.Kernels;

/// <summary>How B is brought into panels of whole vectors.</summary>
internal enum GemmPackingOrder
{
    /// <summary>It is not: tiles read B where it lies, but for a right edge that is no whole number of vectors.</summary>
    InPlace,

    /// <summary>A block of K and N is packed by all threads, then read by all: for many rows.</summary>
    BlockByBlock,

    /// <summary>Each thread packs the panels of its own rows of C, a panel while its first tile reads it: for operands that L2 holds, and for segments of K.</summary>
    OwnPanels,

    /// <summary>Each thread packs one panel of one block of K and uses it up while it lies in L1: for a transposed B and few rows.</summary>
    PanelByPanel,
}
