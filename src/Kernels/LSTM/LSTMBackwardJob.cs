using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Backward over a block of steps, last first, one group of batch rows a chunk: the cells turn dh and dc into the gradients of the
/// pre-activations, one product with [Kᵀ, Rᵀ] turns those into dx and the dh of the step before.
/// </summary>
internal unsafe struct LSTMBackwardJob<TSimd, TVector, TCell> : IChunkJob<LSTMBackwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, ILSTMCell<TSimd, TVector>
{
    // The magnitude below which a gradient counts as zero. A gradient that vanishes over hundreds of steps would spend most of
    // them as a subnormal number, at a hundred cycles an operation, and .NET cannot make the processor flush them.
    private const float Negligible = 1e-30f;

    public LSTMShape Shape;
    public LSTMLayout Layout;
    public TCell Cell;

    /// <summary>Parts of the batch that run on their own.</summary>
    public int Parts;

    /// <summary>The steps of this run: from <see cref="FirstStep"/> up to, not including, <see cref="EndStep"/>; block by block of the layout.</summary>
    public int FirstStep;
    public int EndStep;

    /// <summary>True if somebody wants them: the products' operands are then put together once more.</summary>
    public bool WantsWeightGradients;

    /// <summary>True if a chunk adds its rows' share of the weight gradients itself, after every block of steps.</summary>
    public bool AddsWeightGradients;

    public LSTMMemory Memory;
    public float* X;
    public float* Mask;
    public float* TransposedKernel;
    public float* TransposedRecurrentKernel;

    /// <summary>The pre-activations' gradients of all steps in Keras's order, (batch, steps, 4 units), where x K + b was made beforehand; else null.</summary>
    public float* DProjected;

    /// <summary>From a step's part of it to that of the step before, to be asked for, or 0.</summary>
    public nint ToProjectedBefore;

    public float* DSequences;
    public float* DLastH;
    public float* DLastC;
    public float* DX;
    public float* DH0;
    public float* DC0;
    public bool AccumulateX;
    public bool AccumulateH0;
    public bool AccumulateC0;

    public static void Execute(ref LSTMBackwardJob<TSimd, TVector, TCell> job, int chunk, Scratch scratch)
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
                RecurrentWeightJob<TSimd, TVector>.RunAlone(LSTMWeightGradients<TSimd, TVector>.Of(job.Shape, job.Layout, job.Memory, chunk, start, end));
            end = start;
        }
        while (end > job.FirstStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int firstChunk, int endChunk, int first, int rows, int firstStep, int endStep)
    {
        int units = Shape.Units;
        int padded = Layout.PaddedUnits;
        nint state = (nint)first * padded;
        nint place = (nint)first * units;
        float* biasSums = Memory.BiasSums + ((nint)firstChunk * Layout.GateStride);
        if (endStep == Shape.Steps)
        {
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastH == null ? null : DLastH + place, Memory.Dh + state, padded);
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastC == null ? null : DLastC + place, Memory.Dc + state, padded);
            new Span<float>(biasSums, (endChunk - firstChunk) * Layout.GateStride).Clear();
        }
        for (int t = endStep - 1; t >= firstStep; t--)
        {
            nint row = Layout.Chunks.BlockRow(first) + ((nint)(t - firstStep) * Layout.Chunks.BlockStep(rows));
            float* gateGradients = Memory.GateGradients + (row * Layout.GateStride);
            RunCells(t, first, rows, gateGradients);
            if (WantsWeightGradients)
                LoadInputs(t, first, rows, Memory.Inputs + (row * Layout.InputStride));
            for (int chunk = firstChunk; chunk < endChunk; chunk++)
            {
                int start = Layout.Chunks.Start(chunk);
                LSTMRows<TSimd, TVector>.AddRows(
                    Layout.Chunks.Start(chunk + 1) - start, Layout.GateLength, gateGradients + ((start - first) * (nint)Layout.GateStride), Layout.GateStride,
                    biasSums + ((chunk - firstChunk) * (nint)Layout.GateStride));
            }
            if (DX != null)
            {
                nint inputStride = (nint)Shape.Steps * Shape.Features;
                float* dx = DX + (first * inputStride) + ((nint)Shape.Position(t) * Shape.Features);
                if (Layout.DotsInput)
                    MultiplyByDots(rows, gateGradients, dx, inputStride);
                else
                    Multiply(rows, Layout.XVectors, Shape.Features, gateGradients, TransposedKernel, dx, inputStride, AccumulateX);
            }
            // A masked row has no gate gradients: the sum starts from its dh, which so passes through unchanged.
            if (t > 0 || DH0 != null)
                Multiply(rows, Layout.Blocks, padded, gateGradients, TransposedRecurrentKernel, Memory.Dh + state, padded, Mask != null);
        }
        if (firstStep > 0)
            return;
        if (DH0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, Memory.Dh + state, padded, DH0 + place, units, AccumulateH0);
        if (DC0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, Memory.Dc + state, padded, DC0 + place, units, AccumulateC0);
    }

    // [x | h] of a step as forward had it.
    private readonly void LoadInputs(int t, int first, int rows, float* inputs)
    {
        nint position = ((nint)first * Shape.Steps) + Shape.Position(t);
        int features = Shape.Features;
        int padded = Layout.PaddedUnits;
        RecurrentInputs<TSimd, TVector>.LoadX(
            rows, X + (position * features), (nint)Shape.Steps * features, features, Mask == null ? null : Mask + position, Shape.Steps,
            !Layout.IsFar ? 0 : Shape.GoBackwards ? features : -features, inputs, Layout.InputStride);
        LSTMRows<TSimd, TVector>.Copy(
            rows, Shape.Units, Memory.Outputs + (t * (nint)Layout.StateStep) + ((nint)first * padded), padded, inputs + features, Layout.InputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply(
        int rows, int vectors, int columns, float* gateGradients, float* weights, float* result, nint resultStride, bool accumulate)
    {
        int depth = Layout.GateLength;
        while (vectors > 0)
        {
            int width = LSTMPanels.Width(vectors);
            vectors -= width;
            int lastLanes = vectors == 0 ? columns - ((width - 1) * TSimd.Count) : TSimd.Count;
            LSTMTiles<TSimd, TVector>.Run(
                rows, width, depth, gateGradients, Layout.GateStride, weights, accumulate ? result : null, resultStride, result, resultStride,
                lastLanes);
            weights += (nint)depth * width * TSimd.Count;
            result += width * TSimd.Count;
            columns -= width * TSimd.Count;
        }
    }

    // dx of few features; the padding of both operands is zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MultiplyByDots(int rows, float* gateGradients, float* dx, nint inputStride)
    {
        int length = Layout.GateVectors * TSimd.Count;
        for (int row = 0; row < rows; row++)
        {
            float* weights = TransposedKernel;
            for (int feature = 0; feature < Shape.Features; feature++)
            {
                TVector even = default, odd = default;
                int i = 0;
                for (; i <= length - (2 * TSimd.Count); i += 2 * TSimd.Count)
                {
                    even = TSimd.MultiplyAdd(*(TVector*)(gateGradients + i), *(TVector*)(weights + i), even);
                    odd = TSimd.MultiplyAdd(((TVector*)(gateGradients + i))[1], ((TVector*)(weights + i))[1], odd);
                }
                if (i < length)
                    even = TSimd.MultiplyAdd(*(TVector*)(gateGradients + i), *(TVector*)(weights + i), even);
                float sum = TSimd.Sum(TSimd.Add(even, odd));
                dx[feature] = AccumulateX ? dx[feature] + sum : sum;
                weights += length;
            }
            gateGradients += Layout.GateStride;
            dx += inputStride;
        }
    }

    // Row by row: what forward kept of a group of rows is one stretch of memory, and comes from far away.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunCells(int t, int first, int rows, float* gateGradients)
    {
        nint gateStride = Layout.GateStride;
        nint stateStride = Layout.PaddedUnits;
        int steps = Shape.Steps;
        float* gates = Memory.Gates + (t * (nint)Layout.GateStep) + (first * gateStride);
        float* before = Memory.States + (t * (nint)Layout.StateStep) + (first * stateStride);
        float* outputBefore = Memory.Outputs + ((t - 1) * (nint)Layout.StateStep) + (first * stateStride);
        float* dh = Memory.Dh + (first * stateStride);
        float* dc = Memory.Dc + (first * stateStride);
        nint sequenceStride = (nint)steps * Shape.Units;
        float* dSequence = DSequences == null ? null : DSequences + (first * sequenceStride) + ((nint)t * Shape.Units);
        float* mask = Mask == null ? null : Mask + ((nint)first * steps) + Shape.Position(t);
        nint projectedStride = 4 * sequenceStride;
        // The rows of dx that the next step writes.
        int features = Shape.Features;
        nint dxStride = (nint)steps * features;
        float* dx = DX == null ? null : DX + (first * dxStride) + ((nint)Shape.Position(t > 0 ? t - 1 : t) * features);
        float* dProjected = DProjected == null ? null : DProjected + (first * projectedStride) + ((nint)Shape.Position(t) * 4 * Shape.Units);
        for (int row = 0; row < rows; row++)
        {
            if (mask != null && mask[(nint)row * steps] == 0f)
                SkipRow(dSequence, dh, gateGradients);
            else
                RunRow(gates, before, outputBefore, dSequence, dh, dc, gateGradients, dProjected);
            if (Layout.IsFar && dx != null)
                CacheHint.RowToL2(dx + (row * dxStride), features);
            if (ToProjectedBefore != 0 && dProjected != null)
                CacheHint.RowToL2(dProjected + ToProjectedBefore, 4 * Shape.Units);
            gates += gateStride;
            gateGradients += gateStride;
            before += stateStride;
            outputBefore += stateStride;
            dh += stateStride;
            dc += stateStride;
            dSequence += dSequence == null ? 0 : sequenceStride;
            dProjected += dProjected == null ? 0 : projectedStride;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRow(float* gates, float* before, float* outputBefore, float* dSequence, float* dhRow, float* dcRow, float* gateGradients, float* dProjected)
    {
        nint toAfter = Layout.StateStep;
        int units = Shape.Units;
        bool masks = Mask != null;
        TCell cell = Cell;
        nint gateStep = Layout.GateStep;
        bool isFar = Layout.IsFar;
        TVector* widened = stackalloc TVector[4];
        for (int unit = 0; unit < units; unit += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, units - unit);
            LSTMRows<TSimd, TVector>.LoadGates(gates + (4 * unit), lanes, widened, out TVector i, out TVector f, out TVector g, out TVector o);
            TVector dh = *(TVector*)(dhRow + unit);
            if (dSequence != null)
                dh = TSimd.Add(dh, lanes == TSimd.Count ? *(TVector*)(dSequence + unit) : TSimd.LoadPartial(dSequence + unit, lanes));
            TVector dc = Flush(*(TVector*)(dcRow + unit));
            cell.Backward(ref i, ref f, ref g, ref o, *(TVector*)(before + toAfter + unit), *(TVector*)(before + unit), Flush(dh), ref dc);
            *(TVector*)(dcRow + unit) = Flush(dc);
            i = Flush(i);
            f = Flush(f);
            g = Flush(g);
            o = Flush(o);
            // The products that follow are added to what a masked row passes through, which here is nothing.
            if (masks)
                *(TVector*)(dhRow + unit) = default;
            if (isFar)
            {
                CacheHint.RowToL2(gates - gateStep + (4 * unit), 4 * lanes);
                CacheHint.RowToL2(before - toAfter + unit, 1);
                CacheHint.RowToL2(outputBefore + unit, 1);
                if (dSequence != null)
                    CacheHint.RowToL2(dSequence + unit - units, 1);
            }
            LSTMRows<TSimd, TVector>.StoreGates(gateGradients + (4 * unit), lanes, widened, i, f, g, o);
            if (dProjected != null)
                LSTMRows<TSimd, TVector>.Narrow(lanes == TSimd.Count ? (TVector*)(gateGradients + (4 * unit)) : widened, lanes, dProjected + unit, units);
        }
    }

    // A masked step hands dh and dc on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SkipRow(float* dSequence, float* dh, float* gateGradients)
    {
        int units = Shape.Units;
        for (int unit = 0; unit < units && dSequence != null; unit += TSimd.Count)
        {
            TVector value = TSimd.LoadPartial(dSequence + unit, Math.Min(TSimd.Count, units - unit));
            *(TVector*)(dh + unit) = TSimd.Add(*(TVector*)(dh + unit), value);
        }
        new Span<float>(gateGradients, Layout.GateLength).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Flush(TVector value)
        => TSimd.ZeroBelow(value, Negligible);
}
