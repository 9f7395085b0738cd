using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Forward over all steps, one group of batch rows a chunk. For each vector of units one product [x | h] · [K; R] makes the four gates'
/// pre-activations; the cell takes them from the first-level cache, and nothing but what backward needs leaves it.
/// </summary>
internal unsafe struct LSTMForwardJob<TSimd, TVector, TCell> : IChunkJob<LSTMForwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, ILSTMCell<TSimd, TVector>
{
    // The state's magnitude below which it counts as zero. A forgotten state would otherwise decay into subnormal numbers, which
    // cost a hundred cycles each and which .NET cannot switch off; 1e-30 is far below one rounding error of any sum it enters.
    private const float Negligible = 1e-30f;

    public LSTMShape Shape;
    public LSTMLayout Layout;
    public TCell Cell;
    public bool KeepsAll;

    /// <summary>Parts of the batch that run on their own.</summary>
    public int Parts;

    public float* X;

    /// <summary>x K + b of all steps, (batch, steps, 4 units), where that was made beforehand: the shape then has no features. Else null.</summary>
    public float* Projected;
    public float* H0;
    public float* C0;
    public float* Mask;
    public float* Weights;
    public float* Bias;

    /// <summary>[x | h] rows, two steps' in turn.</summary>
    public float* Inputs;

    /// <summary>Gates of all steps, or one vector of units for each batch row.</summary>
    public float* Gates;

    /// <summary>c of all steps and the initial one, or one that is replaced.</summary>
    public float* States;

    /// <summary>The initial h and that of each step, or null when nothing is kept.</summary>
    public float* Outputs;

    public float* Sequences;
    public float* LastH;
    public float* LastC;

    public static void Execute(ref LSTMForwardJob<TSimd, TVector, TCell> job, int chunk, Scratch scratch)
    {
        RecurrentChunks chunks = job.Layout.Chunks;
        int first = chunks.Start(chunks.PartStart(chunk, job.Parts));
        job.RunRows(first, chunks.Start(chunks.PartStart(chunk + 1, job.Parts)) - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int first, int rows)
    {
        int units = Shape.Units;
        int features = Shape.Features;
        int padded = Layout.PaddedUnits;
        float* inputs = Inputs + ((nint)first * Layout.InputStride);
        float* state = States + ((nint)first * padded);
        LSTMRows<TSimd, TVector>.Copy(rows, units, H0 == null ? null : H0 + (first * units), units, inputs + features, Layout.InputStride);
        LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, C0 == null ? null : C0 + (first * units), state, padded);
        if (KeepsAll)
            LSTMRows<TSimd, TVector>.Copy(rows, units, inputs + features, Layout.InputStride, Outputs + ((nint)first * padded), padded);
        for (int t = 0; t < Shape.Steps; t++)
        {
            float* nextInputs = (t & 1) == 0 ? inputs + Layout.InputStep : inputs - Layout.InputStep;
            float* nextState = KeepsAll ? state + Layout.StateStep : state;
            if (Projected == null)
                LoadInputs(t, first, rows, inputs);
            Step(t, first, rows, inputs, nextInputs, state, nextState);
            inputs = nextInputs;
            state = nextState;
        }
        if (LastH != null)
            LSTMRows<TSimd, TVector>.Copy(rows, units, inputs + features, Layout.InputStride, LastH + (first * units), units);
        if (LastC != null)
            LSTMRows<TSimd, TVector>.Copy(rows, units, state, padded, LastC + (first * units), units);
    }

    private readonly void LoadInputs(int t, int first, int rows, float* inputs)
    {
        nint position = ((nint)first * Shape.Steps) + Shape.Position(t);
        int features = Shape.Features;
        RecurrentInputs<TSimd, TVector>.LoadX(
            rows, X + (position * features), (nint)Shape.Steps * features, features, Mask == null ? null : Mask + position, Shape.Steps,
            !Layout.IsFar ? 0 : Shape.GoBackwards ? -features : features, inputs, Layout.InputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int t, int first, int rows, float* inputs, float* nextInputs, float* state, float* nextState)
    {
        int width = 4 * TSimd.Count;
        nint gateStride = KeepsAll ? Layout.GateStride : width;
        float* gates = Gates + (first * gateStride) + (KeepsAll ? t * (nint)Layout.GateStep : 0);
        float* weights = Weights;
        // What the last block's panel has beyond its gates are zero sums; they land in a row's padding.
        for (int block = 0; block < Layout.Blocks; block++)
        {
            int unit = block * TSimd.Count;
            float* blockGates = KeepsAll ? gates + (block * width) : gates;
            if (Projected != null)
                LoadProjected(t, first, rows, unit, blockGates, gateStride);
            LSTMTiles<TSimd, TVector>.Run(
                rows, Layout.PanelVectors(block), Layout.Depth, inputs, Layout.InputStride, weights,
                Projected == null ? Bias + (block * width) : blockGates, Projected == null ? 0 : gateStride, blockGates, gateStride, TSimd.Count);
            RunCells(
                t, first, rows, unit, blockGates, gateStride, inputs + Shape.Features + unit, nextInputs + Shape.Features + unit,
                state + unit, nextState + unit);
            weights += (nint)Layout.Depth * width;
        }
    }

    // From Keras's order of gates to one vector of units of each gate.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadProjected(int t, int first, int rows, int unit, float* gates, nint gateStride)
    {
        nint units = Shape.Units;
        int lanes = Math.Min(TSimd.Count, Shape.Units - unit);
        float* source = Projected + ((((nint)first * Shape.Steps) + Shape.Position(t)) * 4 * units) + unit;
        for (int row = 0; row < rows; row++)
        {
            for (int gate = 0; gate < 4; gate++)
                TSimd.StorePartial(gates + (gate * lanes), TSimd.LoadPartial(source + (gate * units), lanes), lanes);
            source += Shape.Steps * 4 * units;
            gates += gateStride;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunCells(int t, int first, int rows, int unit, float* gates, nint gateStride, float* h, float* nextH, float* c, float* nextC)
    {
        nint inputStride = Layout.InputStride;
        nint stateStride = Layout.PaddedUnits;
        int steps = Shape.Steps;
        int lanes = Math.Min(TSimd.Count, Shape.Units - unit);
        bool whole = lanes == TSimd.Count;
        nint sequenceStride = (nint)steps * Shape.Units;
        float* sequence = Sequences == null ? null : Sequences + (first * sequenceStride) + ((nint)t * Shape.Units) + unit;
        float* mask = Mask == null ? null : Mask + ((nint)first * steps) + Shape.Position(t);
        bool keeps = KeepsAll;
        bool isFar = keeps && Layout.IsFar;
        nint gateStep = Layout.GateStep;
        nint stateStep = Layout.StateStep;
        int units = Shape.Units;
        float* kept = keeps ? Outputs + ((t + 1) * (nint)stateStep) + (first * stateStride) + unit : null;
        TCell cell = Cell;
        TVector* widened = stackalloc TVector[4];
        for (int row = 0; row < rows; row++)
        {
            LSTMRows<TSimd, TVector>.LoadGates(gates, lanes, widened, out TVector i, out TVector f, out TVector g, out TVector o);
            TVector before = *(TVector*)c;
            TVector after = before;
            TVector output = cell.Forward(ref i, ref f, ref g, ref o, ref after);
            after = TSimd.ZeroBelow(after, Negligible);
            if (mask != null)
            {
                if (*mask == 0f)
                {
                    after = before;
                    output = TSimd.LoadPartial(h, lanes);
                }
                mask += steps;
            }
            if (keeps)
            {
                LSTMRows<TSimd, TVector>.StoreGates(gates, lanes, widened, i, f, g, o);
                *(TVector*)kept = output;
            }
            // The same places of the next step, which would otherwise wait for memory that it only overwrites.
            if (isFar)
            {
                CacheHint.RowToL2(gates + gateStep, 4 * lanes);
                CacheHint.RowToL2(nextC + stateStep, 1);
                CacheHint.RowToL2(kept + stateStep, 1);
                if (sequence != null)
                    CacheHint.RowToL2(sequence + units, 1);
            }
            *(TVector*)nextC = after;
            *(TVector*)nextH = output;
            if (sequence != null)
            {
                if (whole)
                    *(TVector*)sequence = output;
                else
                    TSimd.StorePartial(sequence, output, lanes);
                sequence += sequenceStride;
            }
            gates += gateStride;
            h += inputStride;
            nextH += inputStride;
            c += stateStride;
            nextC += stateStride;
            kept += stateStride;
        }
    }
}
