namespace FlatFuse.Kernels;

/// <summary>Chunks of noise; a chunk begins with a whole Philox group.</summary>
internal unsafe struct NormalNoiseJob<TSimd, TVector> : IChunkJob<NormalNoiseJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public ulong Key;
    public float Mean;
    public float Deviation;
    public float* Y;
    public nint Length;

    public static void Execute(ref NormalNoiseJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        nint start = ElementChunks.Start(chunk);
        uint group = (uint)(start / PhiloxLoop<TSimd, TVector>.Group);
        PhiloxLoop<TSimd, TVector>.Normal(job.Key, group, job.Mean, job.Deviation, job.Y + start, ElementChunks.LengthOf(chunk, job.Length));
    }
}
