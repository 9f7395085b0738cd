using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Copies rows; a chunk is about 16,384 floats of output.</summary>
/// <remarks>A loop over vectors instead of a memory move: rows are short, and here the move's entry cost several times the copy.</remarks>
internal static unsafe class EmbeddingGather<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Run(Workers workers, float* ids, int count, float* table, int dim, float* y)
    {
        var job = new Job { Ids = ids, Table = table, Y = y, Dim = dim, Count = count, PerChunk = Math.Max(1, ElementChunks.Length / dim) };
        workers.Run(ref job, (count + job.PerChunk - 1) / job.PerChunk);
    }

    private struct Job : IChunkJob<Job>
    {
        public float* Ids;
        public float* Table;
        public float* Y;
        public int Dim;
        public int Count;
        public int PerChunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            int width = TSimd.Count;
            int dim = job.Dim;
            float* ids = job.Ids;
            float* table = job.Table;
            int first = chunk * job.PerChunk;
            int last = (int)Math.Min(job.Count, (long)first + job.PerChunk);
            float* y = job.Y + ((nint)first * dim);
            for (int i = first; i < last; i++, y += dim)
            {
                float* row = table + ((nint)(int)ids[i] * dim);
                int c = 0;
                for (; c <= dim - width; c += width)
                    *(TVector*)(y + c) = *(TVector*)(row + c);
                for (; c < dim; c++)
                    y[c] = row[c];
            }
        }
    }
}
