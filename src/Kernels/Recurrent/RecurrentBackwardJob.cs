using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Backward over a block of steps, last first, one group of batch rows a chunk: the cell turns the state's gradient into the gates' and the
/// one of the state before; one product with Kᵀ turns the gates' into dx.
/// </summary>
internal unsafe struct RecurrentBackwardJob<TSimd, TVector, TCell> : IChunkJob<RecurrentBackwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
{
    public RecurrentShape Shape;
    public RecurrentLayout Layout;
    public TCell Cell;

    /// <summary>Parts of the batch that run on their own.</summary>
    public int Parts;

    /// <summary>The steps of this run: from <see cref="FirstStep"/> up to, not including, <see cref="EndStep"/>.</summary>
    public int FirstStep;
    public int EndStep;

    public RecurrentMemory Memory;
    public RecurrentWeightGradients<TSimd, TVector> WeightGradients;

    /// <summary>True if a chunk adds its rows' share of the weight gradients itself, after every block of steps.</summary>
    public bool AddsWeightGradients;

    public float* X;
    public float* Mask;
    public float* RecurrentMask;

    /// <summary>The gradient of x K of all steps, (batch, steps, gates · units), where that was made beforehand; else null.</summary>
    public float* DProjected;

    /// <summary>From a step's part of it to that of the step before, to be asked for, or 0.</summary>
    public nint ToProjectedBefore;

    public float* DSequences;
    public float* DLastH;
    public float* DX;
    public float* DH0;
    public bool AccumulateX;
    public bool AccumulateH0;

    public static void Execute(ref RecurrentBackwardJob<TSimd, TVector, TCell> job, int chunk, Scratch scratch)
    {
        RecurrentChunks chunks = job.Layout.Chunks;
        int firstChunk = chunks.PartStart(chunk, job.Parts), endChunk = chunks.PartStart(chunk + 1, job.Parts);
        int first = chunks.Start(firstChunk);
        int rows = chunks.Start(endChunk) - first;
        int end = job.EndStep;
        do
        {
            int start = Math.Max(job.FirstStep, end - chunks.TimeBlock);
            job.RunRows(firstChunk, endChunk, first, rows, start, end);
            if (job.AddsWeightGradients)
                job.WeightGradients.AddAlone(chunk, start, end);
            end = start;
        }
        while (end > job.FirstStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int firstChunk, int endChunk, int first, int rows, int firstStep, int endStep)
    {
        int units = Shape.Units;
        int padded = Layout.PaddedUnits;
        nint place = (nint)first * units;
        float* dh = Memory.Dh + ((nint)first * padded);
        float* dMasked = Memory.DMasked + ((nint)first * padded);
        float* biasSums = Memory.BiasSums + ((nint)firstChunk * Layout.GateLength);
        if (endStep == Shape.Steps)
        {
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastH == null ? null : DLastH + place, dh, padded);
            new Span<float>(biasSums, (endChunk - firstChunk) * Layout.GateLength).Clear();
        }
        nint sequenceStride = (nint)Shape.Steps * units;
        float* dSequence = DSequences == null ? null : DSequences + (first * sequenceStride) + ((nint)endStep * units);
        float* mask = Mask == null ? null : Mask + ((nint)first * Shape.Steps);
        for (int t = endStep - 1; t >= firstStep; t--)
        {
            nint row = Layout.Chunks.BlockRow(first) + ((nint)(t - firstStep) * Layout.Chunks.BlockStep(rows));
            float* inputs = Memory.Inputs + (row * Layout.InputStride);
            float* gradients = Memory.GateGradients + (row * Layout.GateStride);
            float* state = Memory.States + (t * (nint)Layout.StateStep) + ((nint)first * padded);
            LoadInputs(t, first, rows, state, inputs);
            if (dSequence != null)
            {
                dSequence -= units;
                AddSequence(rows, dSequence, sequenceStride, dh);
            }
            if (RecurrentMask != null)
                new Span<float>(dMasked, rows * padded).Clear();
            Cell.Backward(new RecurrentBackStep
            {
                Rows = rows, Units = units, PaddedUnits = padded, PanelVectors = Layout.PanelVectors,
                Inputs = inputs + Shape.Features, InputStride = Layout.InputStride,
                Gates = Memory.Gates + (t * (nint)Layout.GateStep) + ((nint)first * Layout.GateStride), GateStride = Layout.GateStride,
                State = state, GateGradients = gradients, Dh = dh, DProducts = RecurrentMask == null ? dh : dMasked,
                DReset = Memory.DReset + ((nint)first * padded), Weights = Memory.Transposed + Layout.TransposedKernelLength,
                WantsState = t > 0 || DH0 != null,
                Mask = mask == null ? null : mask + Shape.Position(t), MaskStride = Shape.Steps,
                ToGatesBefore = Layout.IsFar ? Layout.GateStep : 0, ToStateBefore = Layout.StateStep,
                DSequenceBefore = dSequence == null ? null : dSequence - units, SequenceStride = sequenceStride,
            });
            if (RecurrentMask != null)
                AddMasked(rows, RecurrentMask + place, dMasked, dh);
            for (int chunk = firstChunk; chunk < endChunk; chunk++)
            {
                int start = Layout.Chunks.Start(chunk);
                AddRows(
                    Layout.Chunks.Start(chunk + 1) - start, gradients + ((start - first) * Layout.GateStride), biasSums + ((chunk - firstChunk) * (nint)Layout.GateLength));
            }
            if (DProjected != null)
                StoreProjected(t, first, rows, gradients);
            if (DX != null)
            {
                nint stride = (nint)Shape.Steps * Shape.Features;
                float* dx = DX + (first * stride) + ((nint)Shape.Position(t) * Shape.Features);
                RecurrentPanels<TSimd, TVector>.Multiply(
                    Layout.PanelVectors, rows, Shape.Features, Layout.Gates * padded, gradients, Layout.GateStride, Memory.Transposed, AccumulateX ? dx : null, stride, dx, stride);
                for (int next = 0; next < rows && Layout.IsFar && t > 0; next++)
                    CacheHint.RowToL2(dx + (next * stride) + (Shape.GoBackwards ? Shape.Features : -Shape.Features), Shape.Features);
            }
        }
        if (firstStep == 0 && DH0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, dh, padded, DH0 + place, units, AccumulateH0);
    }

    // What entered the products of the step, for the gradients of the weights and of r.
    private readonly void LoadInputs(int t, int first, int rows, float* state, float* inputs)
    {
        nint position = ((nint)first * Shape.Steps) + Shape.Position(t);
        int features = Shape.Features;
        RecurrentInputs<TSimd, TVector>.LoadX(
            rows, X + (position * features), (nint)Shape.Steps * features, features, Mask == null ? null : Mask + position, Shape.Steps,
            !Layout.IsFar ? 0 : Shape.GoBackwards ? features : -features, inputs, Layout.InputStride);
        RecurrentInputs<TSimd, TVector>.EnterState(
            rows, Shape.Units, state, Layout.PaddedUnits, RecurrentMask == null ? null : RecurrentMask + ((nint)first * Shape.Units),
            inputs + features, Layout.InputStride);
    }

    // From the frame's order of gates to Keras's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void StoreProjected(int t, int first, int rows, float* gradients)
    {
        int units = Shape.Units;
        ReadOnlySpan<int> order = RecurrentPacking<TSimd, TVector>.FromX(Shape);
        nint width = order.Length * (nint)units;
        float* destination = DProjected + ((((nint)first * Shape.Steps) + Shape.Position(t)) * width);
        for (int row = 0; row < rows; row++)
        {
            for (int segment = 0; segment < order.Length; segment++)
                LSTMRows<TSimd, TVector>.CopyRow(gradients + (segment * Layout.PaddedUnits), destination + (order[segment] * units), units);
            if (ToProjectedBefore != 0)
                CacheHint.RowToL2(destination + ToProjectedBefore, (int)width);
            destination += Shape.Steps * width;
            gradients += Layout.GateStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddSequence(int rows, float* source, nint stride, float* dh)
    {
        int units = Shape.Units;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < units; i += TSimd.Count)
                *(TVector*)(dh + i) = TSimd.Add(*(TVector*)(dh + i), TSimd.LoadPartial(source + i, Math.Min(TSimd.Count, units - i)));
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
                *(TVector*)(dh + i) = TSimd.MultiplyAdd(*(TVector*)(dMasked + i), factor, *(TVector*)(dh + i));
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
            TVector sum = *(TVector*)(sums + i);
            float* source = gradients + i;
            for (int row = 0; row < rows; row++)
            {
                sum = TSimd.Add(sum, *(TVector*)source);
                source += Layout.GateStride;
            }
            *(TVector*)(sums + i) = sum;
        }
    }
}
