namespace FlatFuse.Kernels;

/// <summary>Element-wise activations and their derivatives.</summary>
public static partial class Activations
{
}
