using FlatFuse.Tensors;

namespace FlatFuse.Samples.Data;

/// <summary>
/// Turns ids into vectors by a fixed random table: stands in for embeddings from elsewhere where a model takes float
/// sequences. Id 0, the padding, is the zero vector.
/// </summary>
internal static class SeededEmbedding
{
    /// <summary>(samples, steps) ids to (samples, steps, width) vectors of standard deviation 1.</summary>
    public static Tensor<float> Apply(Tensor<int> ids, int vocabulary, int width, long seed)
    {
        Tensor<float> table = RandomSource.FromSeed(seed).Normal(0, 1, vocabulary, width);
        table.AsSpan()[..width].Clear();
        Tensor<float> vectors = Tensor.Zeros<float>(ids.Shape[0], ids.Shape[1], width);
        ReadOnlySpan<int> from = ids.AsSpan();
        for (int i = 0; i < from.Length; i++)
            table.AsSpan().Slice(from[i] * width, width).CopyTo(vectors.AsSpan()[(i * width)..]);
        return vectors;
    }
}
