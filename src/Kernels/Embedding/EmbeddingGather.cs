using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Copies rows; a chunk is about 16,384 floats of output.</summary>
internal unsafe struct EmbeddingGather : IChunkJob<EmbeddingGather>
{
    public float* Ids;
    public float* Table;
    public float* Y;
    public int Dim;
    public int Count;
    public int PerChunk;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref EmbeddingGather job, int chunk, Scratch scratch)
    {
        int last = (int)Math.Min(job.Count, ((long)chunk + 1) * job.PerChunk);
        int dim = job.Dim;
        for (int i = chunk * job.PerChunk; i < last; i++)
        {
            var row = new ReadOnlySpan<float>(job.Table + ((nint)job.Ids[i] * dim), dim);
            row.CopyTo(new Span<float>(job.Y + ((nint)i * dim), dim));
        }
    }
}
