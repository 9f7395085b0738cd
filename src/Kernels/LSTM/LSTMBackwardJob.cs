using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Backward over a block of steps, last first, one group of batch rows a chunk: the cells turn dh and dc into the gradients of the
/// pre-activations, one product with [Kᵀ, Rᵀ] turns those into dx and the dh of the step before.
/// </summary>
internal unsafe struct LSTMBackwardJob<TSimd, TVector, TCell> : IChunkJob<LSTMBackwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TCell : unmanaged, ILSTMCell<TSimd, TVector>
{
    // The magnitude below which a gradient counts as zero. A gradient that vanishes over hundreds of steps would spend most of
    // them as a subnormal number, at a hundred cycles an operation, and .NET cannot make the processor flush them.
    private const float Negligible = 1e-30f;

    public LSTMShape Shape;
    public LSTMLayout Layout;
    public TCell Cell;

    /// <summary>The steps of this run: from <see cref="FirstStep"/> up to, not including, <see cref="EndStep"/>.</summary>
    public int FirstStep;
    public int EndStep;

    public float* Mask;
    public float* Gates;
    public float* States;
    public float* TransposedKernel;
    public float* TransposedRecurrentKernel;

    /// <summary>Gradients of the pre-activations of this run's steps.</summary>
    public float* GateGradients;

    /// <summary>The same of all steps in Keras's order, (batch, steps, 4 units), where x K + b was made beforehand; else null.</summary>
    public float* DProjected;

    /// <summary>Column sums of <see cref="GateGradients"/> over all steps, one row a chunk.</summary>
    public float* BiasSums;

    public float* Dh;
    public float* Dc;
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
        int first = job.Layout.ChunkStart(job.Shape.Batch, chunk);
        job.RunRows(chunk, first, job.Layout.ChunkStart(job.Shape.Batch, chunk + 1) - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int chunk, int first, int rows)
    {
        int units = Shape.Units;
        int padded = Layout.PaddedUnits;
        nint state = (nint)first * padded;
        nint place = (nint)first * units;
        float* biasSums = BiasSums + ((nint)chunk * Layout.GateLength);
        if (EndStep == Shape.Steps)
        {
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastH == null ? null : DLastH + place, Dh + state, padded);
            LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, DLastC == null ? null : DLastC + place, Dc + state, padded);
            new Span<float>(biasSums, Layout.GateLength).Clear();
        }
        for (int t = EndStep - 1; t >= FirstStep; t--)
        {
            float* gateGradients = GateGradients + ((t - FirstStep) * (nint)Layout.GateStep) + ((nint)first * Layout.GateStride);
            for (int block = 0; block < Layout.Blocks; block++)
                RunCells(t, first, rows, block, gateGradients + (block * 4 * TSimd.Count), biasSums + (block * 4 * TSimd.Count));
            if (DX != null)
            {
                nint inputStride = (nint)Shape.Steps * Shape.Features;
                float* dx = DX + (first * inputStride) + ((nint)Shape.Position(t) * Shape.Features);
                Multiply(rows, Layout.XVectors, Shape.Features, gateGradients, TransposedKernel, dx, inputStride, AccumulateX);
            }
            // A masked row has no gate gradients: the sum starts from its dh, which so passes through unchanged.
            if (t > 0 || DH0 != null)
                Multiply(rows, Layout.Blocks, padded, gateGradients, TransposedRecurrentKernel, Dh + state, padded, Mask != null);
        }
        if (FirstStep > 0)
            return;
        if (DH0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, Dh + state, padded, DH0 + place, units, AccumulateH0);
        if (DC0 != null)
            LSTMRows<TSimd, TVector>.CopyOrAdd(rows, units, Dc + state, padded, DC0 + place, units, AccumulateC0);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunCells(int t, int first, int rows, int block, float* gateGradients, float* biasSums)
    {
        int unit = block * TSimd.Count;
        int lanes = Math.Min(TSimd.Count, Shape.Units - unit);
        nint gateStride = Layout.GateStride;
        nint stateStride = Layout.PaddedUnits;
        int steps = Shape.Steps;
        float* gates = Gates + (t * (nint)Layout.GateStep) + (first * gateStride) + (block * 4 * TSimd.Count);
        float* before = States + (t * (nint)Layout.StateStep) + (first * stateStride) + unit;
        nint toAfter = Layout.StateStep;
        float* dhRow = Dh + (first * stateStride) + unit;
        float* dcRow = Dc + (first * stateStride) + unit;
        nint sequenceStride = (nint)steps * Shape.Units;
        float* dSequence = DSequences == null ? null : DSequences + (first * sequenceStride) + ((nint)t * Shape.Units) + unit;
        float* mask = Mask == null ? null : Mask + ((nint)first * steps) + Shape.Position(t);
        nint projectedStride = 4 * sequenceStride;
        float* dProjected = DProjected == null ? null : DProjected + (first * projectedStride) + ((nint)Shape.Position(t) * 4 * Shape.Units) + unit;
        TCell cell = Cell;
        TVector sumI = TSimd.Load(biasSums);
        TVector sumF = TSimd.Load(biasSums + TSimd.Count);
        TVector sumG = TSimd.Load(biasSums + (2 * TSimd.Count));
        TVector sumO = TSimd.Load(biasSums + (3 * TSimd.Count));
        for (int row = 0; row < rows; row++)
        {
            TVector dh = TSimd.Load(dhRow);
            if (dSequence != null)
            {
                dh = TSimd.Add(dh, lanes == TSimd.Count ? TSimd.Load(dSequence) : TSimd.LoadPartial(dSequence, lanes));
                dSequence += sequenceStride;
            }
            TVector i = TSimd.Zero;
            TVector f = TSimd.Zero;
            TVector g = TSimd.Zero;
            TVector o = TSimd.Zero;
            if (mask != null && *mask == 0f)
            {
                TSimd.Store(dhRow, dh);
            }
            else
            {
                i = TSimd.Load(gates);
                f = TSimd.Load(gates + TSimd.Count);
                g = TSimd.Load(gates + (2 * TSimd.Count));
                o = TSimd.Load(gates + (3 * TSimd.Count));
                TVector dc = Flush(TSimd.Load(dcRow));
                cell.Backward(ref i, ref f, ref g, ref o, TSimd.Load(before + toAfter), TSimd.Load(before), Flush(dh), ref dc);
                TSimd.Store(dcRow, Flush(dc));
                i = Flush(i);
                f = Flush(f);
                g = Flush(g);
                o = Flush(o);
                if (mask != null)
                    TSimd.Store(dhRow, TSimd.Zero);
            }
            sumI = TSimd.Add(sumI, i);
            sumF = TSimd.Add(sumF, f);
            sumG = TSimd.Add(sumG, g);
            sumO = TSimd.Add(sumO, o);
            Store(gateGradients, lanes, i, f, g, o);
            if (dProjected != null)
            {
                TSimd.StorePartial(dProjected, i, lanes);
                TSimd.StorePartial(dProjected + Shape.Units, f, lanes);
                TSimd.StorePartial(dProjected + (2 * Shape.Units), g, lanes);
                TSimd.StorePartial(dProjected + (3 * Shape.Units), o, lanes);
                dProjected += projectedStride;
            }
            mask += mask == null ? 0 : steps;
            gates += gateStride;
            gateGradients += gateStride;
            before += stateStride;
            dhRow += stateStride;
            dcRow += stateStride;
        }
        TSimd.Store(biasSums, sumI);
        TSimd.Store(biasSums + TSimd.Count, sumF);
        TSimd.Store(biasSums + (2 * TSimd.Count), sumG);
        TSimd.Store(biasSums + (3 * TSimd.Count), sumO);
    }

    // The padding meets zero weights in the products that follow, but NaN times zero is NaN: so it must be zero itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, int lanes, TVector i, TVector f, TVector g, TVector o)
    {
        TSimd.Store(destination, i);
        TSimd.Store(destination + TSimd.Count, f);
        TSimd.Store(destination + (2 * TSimd.Count), g);
        TSimd.Store(destination + (3 * TSimd.Count), o);
        if (lanes == TSimd.Count)
            return;
        for (int gate = 0; gate < 4; gate++)
            new Span<float>(destination + (gate * TSimd.Count) + lanes, TSimd.Count - lanes).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Flush(TVector value)
        => TSimd.Select(TSimd.LessThan(TSimd.Abs(value), TSimd.Splat(Negligible)), TSimd.Zero, value);
}
