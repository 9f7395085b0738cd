using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Backward over a block of steps, last first, one group of batch rows a chunk: the cell turns the state's gradient into the gates' and the
/// one of the state before; one product with Kᵀ turns the gates' into dx.
/// </summary>
internal unsafe struct RecurrentBackwardJob<TSimd, TVector, TCell> : IChunkJob<RecurrentBackwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
{
    public RecurrentShape Shape;
    public RecurrentLayout Layout;
    public TCell Cell;

    /// <summary>The steps of this run: from <see cref="FirstStep"/> up to, not including, <see cref="EndStep"/>.</summary>
    public int FirstStep;
    public int EndStep;

    public RecurrentMemory Memory;
    public float* Mask;
    public float* RecurrentMask;
    public float* DSequences;
    public float* DLastH;
    public float* DX;
    public float* DH0;
    public bool AccumulateX;
    public bool AccumulateH0;

    public static void Execute(ref RecurrentBackwardJob<TSimd, TVector, TCell> job, int chunk, Scratch scratch)
    {
        int first = job.Layout.ChunkStart(job.Shape.Batch, chunk);
        job.RunRows(chunk, first, job.Layout.ChunkStart(job.Shape.Batch, chunk + 1) - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int chunk, int first, int rows)
    {
        int units = Shape.Units;
        int padded = Layout.PaddedUnits;
        nint place = (nint)first * units;
        float* dh = Memory.Dh + ((nint)first * padded);
        float* dMasked = Memory.DMasked + ((nint)first * padded);
        float* biasSums = Memory.BiasSums + ((nint)chunk * Layout.GateLength);
        if (EndStep == Shape.Steps)
        {
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastH == null ? null : DLastH + place, dh, padded);
            new Span<float>(biasSums, Layout.GateLength).Clear();
        }
        for (int t = EndStep - 1; t >= FirstStep; t--)
        {
            float* gradients = Memory.GateGradients + ((t - FirstStep) * (nint)Layout.GateStep) + ((nint)first * Layout.GateStride);
            if (DSequences != null)
                AddSequence(t, first, rows, dh);
            if (RecurrentMask != null)
                new Span<float>(dMasked, rows * padded).Clear();
            Cell.Backward(new RecurrentBackStep
            {
                Rows = rows, Units = units, PaddedUnits = padded,
                Inputs = Memory.Inputs + (t * (nint)Layout.InputStep) + ((nint)first * Layout.InputStride) + Shape.Features,
                InputStride = Layout.InputStride,
                Gates = Memory.Gates + (t * (nint)Layout.GateStep) + ((nint)first * Layout.GateStride), GateStride = Layout.GateStride,
                State = Memory.States + (t * (nint)Layout.StateStep) + ((nint)first * padded),
                GateGradients = gradients, Dh = dh, DProducts = RecurrentMask == null ? dh : dMasked,
                DReset = Memory.DReset + ((nint)first * padded), Weights = Memory.Transposed + Layout.TransposedKernelLength,
                WantsState = t > 0 || DH0 != null,
                Mask = Mask == null ? null : Mask + ((nint)first * Shape.Steps) + Shape.Position(t), MaskStride = Shape.Steps,
            });
            if (RecurrentMask != null)
                AddMasked(rows, RecurrentMask + place, dMasked, dh);
            AddRows(rows, gradients, biasSums);
            if (DX != null)
            {
                nint stride = (nint)Shape.Steps * Shape.Features;
                float* dx = DX + (first * stride) + ((nint)Shape.Position(t) * Shape.Features);
                RecurrentPanels<TSimd, TVector>.Multiply(
                    rows, Shape.Features, Layout.Gates * padded, gradients, Layout.GateStride, Memory.Transposed, AccumulateX ? dx : null, stride, dx, stride);
            }
        }
        if (FirstStep == 0 && DH0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, dh, padded, DH0 + place, units, AccumulateH0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddSequence(int t, int first, int rows, float* dh)
    {
        int units = Shape.Units;
        nint stride = (nint)Shape.Steps * units;
        float* source = DSequences + (first * stride) + ((nint)t * units);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < units; i += TSimd.Count)
                TSimd.Store(dh + i, TSimd.Add(TSimd.Load(dh + i), TSimd.LoadPartial(source + i, Math.Min(TSimd.Count, units - i))));
            source += stride;
            dh += Layout.PaddedUnits;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddMasked(int rows, float* mask, float* dMasked, float* dh)
    {
        int units = Shape.Units;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < units; i += TSimd.Count)
            {
                TVector factor = TSimd.LoadPartial(mask + i, Math.Min(TSimd.Count, units - i));
                TSimd.Store(dh + i, TSimd.MultiplyAdd(TSimd.Load(dMasked + i), factor, TSimd.Load(dh + i)));
            }
            mask += units;
            dMasked += Layout.PaddedUnits;
            dh += Layout.PaddedUnits;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddRows(int rows, float* gradients, float* sums)
    {
        for (int i = 0; i < Layout.GateLength; i += TSimd.Count)
        {
            TVector sum = TSimd.Load(sums + i);
            float* source = gradients + i;
            for (int row = 0; row < rows; row++)
            {
                sum = TSimd.Add(sum, TSimd.Load(source));
                source += Layout.GateStride;
            }
            TSimd.Store(sums + i, sum);
        }
    }
}
