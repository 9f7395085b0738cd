using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>Makes the input placeholders that nobody wrote down.</summary>
internal static class Placeholders
{
    /// <summary>A new input of a shape.</summary>
    /// <param name="shape">Batch first.</param>
    /// <param name="dtype">The declared type.</param>
    /// <param name="name">The input layer's name; numbered when the model is made if null.</param>
    public static SymbolicTensor Of(SymbolicShape shape, DType dtype, string? name = null)
    {
        int?[] sample = [.. shape.Skip(1)];
        return Input.Of(sample, name, dtype, batchSize: shape[0]);
    }
}
