namespace FlatFuse.Kernels;

/// <summary>B of few columns as rows, a block of K a chunk.</summary>
internal unsafe struct NarrowPackJob<TSimd, TVector> : IChunkJob<NarrowPackJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float* B;
    public nint Stride;
    public int Count, Columns, Block;

    /// <summary>[block of K, column, Block].</summary>
    public float* Rows;

    public static void Execute(ref NarrowPackJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int first = chunk * job.Block;
        NarrowPacking<TSimd, TVector>.ToRows(
            job.B + (first * job.Stride), job.Stride, Math.Min(job.Block, job.Count - first), job.Columns,
            job.Rows + ((nint)first * NarrowPacking<TSimd, TVector>.Rows(job.Columns)), job.Block);
    }
}
