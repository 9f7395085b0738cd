using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A two-dimensional convolution as products over overlapping rows: within one row of the kernel the window is one contiguous run of
/// <c>KW · C</c> floats and the next window begins <c>stride · C</c> floats later, so an output row is the sum of KH products whose
/// matrix A is the image itself. Nothing is unrolled (im2col would write every entry KH · KW times).
/// </summary>
/// <remarks>
/// Windows that reach beyond the image work on a copy of their rows with zeros around: one pass over the input where the products
/// make taps · filters passes. Windows dilated along the columns are not contiguous: each tap is a product of its own.
/// </remarks>
internal static unsafe class Conv2DSlide<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Below, packing the kernel costs more than its reuse returns.
    private const long PackingRows = 512;

    /// <summary>Slides <paramref name="kernel"/> [KH, KW, C, F] over <paramref name="x"/>.</summary>
    public static void Forward(Workers w, in Conv2DShape s, float* x, float* kernel, float* bias, ActivationKind activation, float* y)
    {
        var job = Prepare(s, x, y);
        job.P.Bias = bias;
        job.P.Activation = activation;
        job.P.B = kernel;
        job.P.RowStrideB = s.Filters;
        job.Panels = (long)s.Batch * s.Rows.OutputLength * s.Columns.OutputLength < PackingRows
            ? GemmFrame<TSimd, TVector>.InPlace(job.P, job.Plan, w.Shared)
            : Conv1DSlide<TSimd, TVector>.PackTaps(w.Shared, TapsOf(s), job.Plan, kernel, (nint)s.Channels * s.Filters, s.Filters, 1);
        w.Run(ref job, job.Chunks);
    }

    /// <summary>Slides the flipped and transposed <paramref name="kernel"/> [KH, KW, F, C] over <paramref name="dy"/>; the shape is the flipped one.</summary>
    public static void Flipped(Workers w, in Conv2DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        var job = Prepare(s, dy, dx);
        job.P.Accumulate = accumulate;
        nint tap = (nint)s.Channels * s.Filters;
        job.Panels = Conv1DSlide<TSimd, TVector>.PackTaps(w.Shared, TapsOf(s), job.Plan, kernel + ((s.Taps - 1) * tap), -tap, 1, s.Channels);
        w.Run(ref job, job.Chunks);
    }

    private static Conv1DGeometry TapsOf(in Conv2DShape s) => new() { Taps = s.Taps, InputWidth = s.Channels, OutputWidth = s.Filters };

    private static Conv2DSlideJob<TSimd, TVector> Prepare(in Conv2DShape s, float* x, float* y)
    {
        var job = new Conv2DSlideJob<TSimd, TVector> { Shape = s, X = x, Y = y };
        long rowWork = (long)s.Taps * s.Channels * s.Filters * s.Columns.OutputLength;
        int wanted = (int)Math.Clamp(2 * GemmPlan.ChunkWork / rowWork, 1, int.MaxValue / 4);
        int blocks = Math.Max(1, s.Rows.OutputLength / wanted);
        job.BlockRows = (s.Rows.OutputLength + blocks - 1) / blocks;
        job.BlocksPerItem = (s.Rows.OutputLength + job.BlockRows - 1) / job.BlockRows;
        job.ItemsPerChunk = job.BlocksPerItem > 1 ? 1 : (int)Math.Clamp(GemmPlan.ChunkWork / (rowWork * s.Rows.OutputLength), 1, s.Batch);
        job.Chunks = (s.Batch + job.ItemsPerChunk - 1) / job.ItemsPerChunk * job.BlocksPerItem;
        job.RunTaps = s.Columns.Dilation == 1 ? s.Columns.WindowSize : 1;
        job.Plan = new GemmPlan(s.Columns.OutputLength, s.Filters, job.RunTaps * s.Channels, transposedB: false, TSimd.Count, TSimd.Registers, products: (long)s.Batch * s.Rows.OutputLength);
        job.P.M = s.Columns.OutputLength;
        job.P.N = s.Filters;
        job.P.K = s.Taps * s.Channels;
        job.P.RowStrideA = (nint)s.Columns.Stride * s.Channels;
        job.P.ColumnStrideA = 1;
        job.P.ColumnStrideB = 1;
        job.P.RowStrideC = s.Filters;
        return job;
    }
}

/// <summary>Chunks of images, or of rows of large images.</summary>
internal unsafe struct Conv2DSlideJob<TSimd, TVector> : IChunkJob<Conv2DSlideJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv2DShape Shape;
    public GemmPlan Plan;
    public GemmPanels Panels;

    /// <summary>The product of an output row; A and C differ from row to row.</summary>
    public GemmProblem P;

    public float* X;
    public float* Y;
    public int BlockRows, BlocksPerItem, ItemsPerChunk, Chunks;

    /// <summary>Taps of one product: a row of the kernel, or one.</summary>
    public int RunTaps;

    public static void Execute(ref Conv2DSlideJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv2DShape s = job.Shape;
        int gemm = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        bool inside = s.Rows.IsInside && s.Columns.IsInside;
        int image = inside ? 0 : checked(s.Rows.Reach(job.BlockRows) * s.Columns.Reach(s.Columns.OutputLength) * s.Channels);
        float* memory = scratch.Rent(checked(gemm + image));
        int first = chunk / job.BlocksPerItem * job.ItemsPerChunk;
        int last = Math.Min(s.Batch, first + job.ItemsPerChunk);
        int row = chunk % job.BlocksPerItem * job.BlockRows;
        for (int item = first; item < last; item++)
            Block(job, item, row, Math.Min(job.BlockRows, s.Rows.OutputLength - row), memory, memory + gemm);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in Conv2DSlideJob<TSimd, TVector> job, int item, int row, int rows, float* scratch, float* window)
    {
        Conv2DShape s = job.Shape;
        GemmProblem p = job.P;
        float* image = job.X + ((nint)item * s.Rows.Length * s.Columns.Length * s.Channels);
        p.C = job.Y + ((((nint)item * s.Rows.OutputLength) + row) * s.Columns.OutputLength * s.Filters);
        int top = (row * s.Rows.Stride) - s.Rows.PaddingBefore;
        int reach = s.Rows.Reach(rows);
        nint pitch = (nint)s.Columns.Length * s.Channels;
        float* from = image + (top * pitch);
        if (!s.Columns.IsInside || top < 0 || top + reach > s.Rows.Length)
        {
            from = Padded(image, s, top, reach, window);
            pitch = (nint)s.Columns.Reach(s.Columns.OutputLength) * s.Channels;
        }
        int runs = s.Columns.WindowSize / job.RunTaps;
        int depth = job.RunTaps * s.Channels;
        for (int i = 0; i < rows; i++)
        {
            int k = 0;
            for (int a = 0; a < s.Rows.WindowSize; a++)
            {
                float* line = from + (((nint)(i * s.Rows.Stride) + (a * s.Rows.Dilation)) * pitch);
                for (int run = 0; run < runs; run++, k += depth)
                {
                    // The terms of this product are numbered from k on, so A is shifted to where term 0 would be.
                    p.A = line + ((nint)run * s.Columns.Dilation * s.Channels) - k;
                    GemmBlock<TSimd, TVector>.Run(p, job.Plan, job.Panels, 0, 0, p.M, 0, p.N, k, k + depth, scratch);
                }
            }
            p.C += (nint)s.Columns.OutputLength * s.Filters;
        }
    }

    /// <summary>Rows <paramref name="top"/> … of the image, as wide as its windows reach, with zeros where the image has nothing.</summary>
    private static float* Padded(float* image, in Conv2DShape s, int top, int rows, float* window)
    {
        int width = s.Columns.Reach(s.Columns.OutputLength);
        int first = Math.Min(s.Columns.PaddingBefore, width);
        int count = Math.Min(s.Columns.Length, width - first);
        for (int i = 0; i < rows; i++)
        {
            var to = new Span<float>(window + ((nint)i * width * s.Channels), width * s.Channels);
            int row = top + i;
            if (row < 0 || row >= s.Rows.Length)
            {
                to.Clear();
                continue;
            }
            to[..(first * s.Channels)].Clear();
            new ReadOnlySpan<float>(image + ((nint)row * s.Columns.Length * s.Channels), count * s.Channels).CopyTo(to[(first * s.Channels)..]);
            to[((first + count) * s.Channels)..].Clear();
        }
        return window;
    }
}
