using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>y[r] (+)= Σ over c of x[r, c]: every row is one reduction; chunks are whole rows of about 16,384 elements.</summary>
internal static unsafe class ColumnSums<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Run(Workers workers, int rows, int columns, float* x, float* y, bool accumulate)
    {
        var job = new Job { X = x, Y = y, Rows = rows, Columns = columns, RowsPerChunk = Math.Max(1, ElementChunks.Length / Math.Max(1, columns)), Accumulate = accumulate };
        workers.Run(ref job, (rows + job.RowsPerChunk - 1) / job.RowsPerChunk);
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Y;
        public int Rows;
        public int Columns;
        public int RowsPerChunk;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            int first = chunk * job.RowsPerChunk;
            int last = Math.Min(job.Rows, first + job.RowsPerChunk);
            for (int r = first; r < last; r++)
            {
                float sum = (float)ReductionLoop<TSimd, TVector, SumReduction<TSimd, TVector>>.Run(job.X + ((nint)r * job.Columns), job.Columns);
                job.Y[r] = job.Accumulate ? job.Y[r] + sum : sum;
            }
        }
    }
}
