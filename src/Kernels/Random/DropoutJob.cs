namespace FlatFuse.Kernels;

/// <summary>Dropout cut into chunks of whole Philox groups.</summary>
internal unsafe struct DropoutJob<TSimd, TVector> : IChunkJob<DropoutJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public ulong Key;
    public float Rate;
    public float Scale;
    public float* X;
    public float* Y;
    public float* Mask;
    public nint Length;

    public static void Execute(ref DropoutJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        nint start = ElementChunks.Start(chunk);
        float* x = job.X == null ? null : job.X + start;
        float* y = job.Y == null ? null : job.Y + start;
        uint group = (uint)(start / PhiloxLoop<TSimd, TVector>.Group);
        PhiloxLoop<TSimd, TVector>.Dropout(job.Key, group, job.Rate, job.Scale, x, y, job.Mask + start, ElementChunks.LengthOf(chunk, job.Length));
    }
}
