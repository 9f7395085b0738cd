using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>y[c] (+)= Σ over r of x[r, c].</summary>
/// <remarks>
/// Rows are taken in blocks of 64: within a block four vectors of columns are summed in registers, then added to y. The block stays in L2
/// while its column strips pass over it, and a sum of many rows is a sum of short sums, which rounds less.
/// Big matrices are also cut into at most 16 parts of rows, by the sizes alone; their sums are added in order.
/// </remarks>
internal static unsafe class RowSums<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int RowBlock = 64;
    private const int MostParts = 16;
    private const long ElementsWorthAPart = 32_768;

    public static void Run(Workers workers, int rows, int columns, float* x, float* y, bool accumulate)
    {
        if (columns == 1)
        {
            // A column of its own is contiguous: lanes instead of strips one float wide.
            ColumnSums<TSimd, TVector>.Run(workers, 1, rows, x, y, accumulate);
            return;
        }
        int parts = (int)Math.Min(MostParts, Math.Min((long)rows * columns / ElementsWorthAPart, rows / RowBlock));
        if (parts <= 1)
        {
            OfPart(rows, columns, x, y, accumulate);
            return;
        }
        // Whole blocks a part. The partial sums lie in the caller's scratch memory: the job itself rents none.
        int rowsPerPart = ((rows + parts - 1) / parts + RowBlock - 1) / RowBlock * RowBlock;
        parts = (rows + rowsPerPart - 1) / rowsPerPart;
        float* partial = workers.ScratchOf(0).Rent(checked(parts * columns));
        var job = new Job { X = x, Partial = partial, Rows = rows, Columns = columns, RowsPerPart = rowsPerPart };
        workers.Run(ref job, parts);
        OfPart(parts, columns, partial, y, accumulate);
    }

    /// <summary>The sums of these rows, on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfPart(int rows, int columns, float* x, float* y, bool accumulate)
    {
        if (!accumulate)
            new Span<float>(y, columns).Clear();
        int width = TSimd.Count;
        for (int first = 0; first < rows; first += RowBlock)
        {
            int count = Math.Min(RowBlock, rows - first);
            float* block = x + ((nint)first * columns);
            int c = 0;
            for (; c <= columns - (4 * width); c += 4 * width)
            {
                TVector s0 = default;
                TVector s1 = default;
                TVector s2 = default;
                TVector s3 = default;
                float* row = block + c;
                for (int r = 0; r < count; r++, row += columns)
                {
                    s0 = TSimd.Add(s0, *(TVector*)row);
                    s1 = TSimd.Add(s1, *(TVector*)(row + width));
                    s2 = TSimd.Add(s2, *(TVector*)(row + (2 * width)));
                    s3 = TSimd.Add(s3, *(TVector*)(row + (3 * width)));
                }
                *(TVector*)(y + c) = TSimd.Add(*(TVector*)(y + c), s0);
                *(TVector*)(y + c + width) = TSimd.Add(*(TVector*)(y + c + width), s1);
                *(TVector*)(y + c + (2 * width)) = TSimd.Add(*(TVector*)(y + c + (2 * width)), s2);
                *(TVector*)(y + c + (3 * width)) = TSimd.Add(*(TVector*)(y + c + (3 * width)), s3);
            }
            for (; c < columns; c += width)
                OfStrip(count, columns, block + c, y + c, Math.Min(width, columns - c));
        }
    }

    // Up to one vector of columns; even rows and odd rows apart, so that one addition does not wait for the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfStrip(int rows, int stride, float* row, float* y, int lanes)
    {
        TVector even = default;
        TVector odd = default;
        int r = 0;
        if (lanes == TSimd.Count)
        {
            for (; r <= rows - 2; r += 2, row += 2 * (nint)stride)
            {
                even = TSimd.Add(even, *(TVector*)row);
                odd = TSimd.Add(odd, *(TVector*)(row + stride));
            }
        }
        for (; r < rows; r++, row += stride)
            even = TSimd.Add(even, TSimd.LoadPartial(row, lanes));
        TSimd.StorePartial(y, TSimd.Add(TSimd.LoadPartial(y, lanes), TSimd.Add(even, odd)), lanes);
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Partial;
        public int Rows;
        public int Columns;
        public int RowsPerPart;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            int first = chunk * job.RowsPerPart;
            int rows = Math.Min(job.RowsPerPart, job.Rows - first);
            OfPart(rows, job.Columns, job.X + ((nint)first * job.Columns), job.Partial + ((nint)chunk * job.Columns), accumulate: false);
        }
    }
}
