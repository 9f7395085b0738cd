using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>The kernels' words for <see cref="Padding"/>: layers have an enum of their own, so that programs need no kernel namespace, whose doors share names with layers.</summary>
internal static class PaddingKinds
{
    public static ConvolutionPadding ForKernels(this Padding padding) => padding switch
    {
        Padding.Valid => ConvolutionPadding.Valid,
        Padding.Same => ConvolutionPadding.Same,
        Padding.Causal => ConvolutionPadding.Causal,
        _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "There is no such padding."),
    };
}
