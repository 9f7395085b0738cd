using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Adds rows into a table.</summary>
/// <remarks>
/// Threads split the columns, never the ids: each adds its columns of all rows in the order of the ids, so the sums do not depend on who
/// runs them, and frequent ids (padding) burden all alike. A strip is 32 floats, two cache lines; shorter strips would make threads
/// share lines. Small calls are one strip.
/// </remarks>
internal static unsafe class EmbeddingScatter<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Strip = 32;

    public static void Run(Workers workers, float* ids, int count, float* dy, int dim, float* table, nint tableLength, bool accumulate)
    {
        if (!accumulate)
        {
            var clear = new ClearJob { Table = table, Length = tableLength };
            workers.Run(ref clear, (int)((tableLength + ClearJob.PerChunk - 1) / ClearJob.PerChunk));
        }
        bool small = (long)count * dim <= 2 * ElementChunks.Length;
        int strip = small ? dim : Math.Min(dim, Strip);
        var job = new AddJob { Ids = ids, OutputGradient = dy, Table = table, Count = count, Dim = dim, Strip = strip };
        workers.Run(ref job, (dim + strip - 1) / strip);
    }

    private struct ClearJob : IChunkJob<ClearJob>
    {
        public const int PerChunk = 262_144;

        public float* Table;
        public nint Length;

        public static void Execute(ref ClearJob job, int chunk, Scratch scratch)
        {
            nint start = (nint)chunk * PerChunk;
            new Span<float>(job.Table + start, (int)Math.Min(PerChunk, job.Length - start)).Clear();
        }
    }

    private struct AddJob : IChunkJob<AddJob>
    {
        public float* Ids;
        public float* OutputGradient;
        public float* Table;
        public int Count;
        public int Dim;
        public int Strip;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref AddJob job, int chunk, Scratch scratch)
        {
            int width = TSimd.Count;
            int dim = job.Dim;
            int first = chunk * job.Strip;
            int columns = Math.Min(job.Strip, dim - first);
            float* dy = job.OutputGradient + first;
            float* table = job.Table + first;
            float* ids = job.Ids;
            for (int i = 0; i < job.Count; i++, dy += dim)
            {
                float* row = table + ((nint)(int)ids[i] * dim);
                int c = 0;
                for (; c <= columns - width; c += width)
                    *(TVector*)(row + c) = TSimd.Add(*(TVector*)(row + c), *(TVector*)(dy + c));
                for (; c < columns; c++)
                    row[c] += dy[c];
            }
        }
    }
}
