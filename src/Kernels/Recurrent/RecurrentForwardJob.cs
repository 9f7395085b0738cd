using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Forward over all steps, one group of batch rows a chunk: x K + b for the step, then the cell, then the state goes where it is wanted.</summary>
internal unsafe struct RecurrentForwardJob<TSimd, TVector, TCell> : IChunkJob<RecurrentForwardJob<TSimd, TVector, TCell>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
{
    public RecurrentShape Shape;
    public RecurrentLayout Layout;
    public TCell Cell;
    public bool KeepsAll;

    /// <summary>Parts of the batch that run on their own.</summary>
    public int Parts;

    public float* X;

    /// <summary>x K of all steps, (batch, steps, gates · units), where that was made beforehand: the shape then has no features. Else null.</summary>
    public float* Projected;
    public float* H0;
    public float* Mask;
    public float* RecurrentMask;
    public float* Kernel;
    public float* RecurrentKernel;
    public float* Bias;

    /// <summary>[x | h | r·h] rows, two steps' in turn.</summary>
    public float* Inputs;

    /// <summary>Gates of all steps, or of one.</summary>
    public float* Gates;

    /// <summary>The states of all steps and the initial one, or one that is replaced.</summary>
    public float* States;

    public float* Sequences;
    public float* LastH;

    public static void Execute(ref RecurrentForwardJob<TSimd, TVector, TCell> job, int chunk, Scratch scratch)
    {
        RecurrentChunks chunks = job.Layout.Chunks;
        int first = chunks.Start(chunks.PartStart(chunk, job.Parts));
        job.RunRows(first, chunks.Start(chunks.PartStart(chunk + 1, job.Parts)) - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(int first, int rows)
    {
        int units = Shape.Units;
        int padded = Layout.PaddedUnits;
        float* inputs = Inputs + ((nint)first * Layout.InputStride);
        float* state = States + ((nint)first * padded);
        float* gates = Gates + ((nint)first * Layout.GateStride);
        LSTMRows<TSimd, TVector>.CopyPadded(rows, units, padded, H0 == null ? null : H0 + ((nint)first * units), state, padded);
        nint sequenceStride = (nint)Shape.Steps * units;
        float* sequence = Sequences == null ? null : Sequences + (first * sequenceStride);
        bool isFar = KeepsAll && Layout.IsFar;
        EnterState(first, rows, state, inputs + Shape.Features);
        for (int t = 0; t < Shape.Steps; t++)
        {
            float* nextInputs = (t & 1) == 0 ? inputs + Layout.InputStep : inputs - Layout.InputStep;
            float* nextState = KeepsAll ? state + Layout.StateStep : state;
            if (Projected != null)
            {
                LoadProjected(t, first, rows, gates);
            }
            else
            {
                LoadInputs(t, first, rows, inputs);
                Project(rows, inputs, gates);
            }
            Cell.Forward(new RecurrentStep
            {
                Rows = rows, Units = units, PaddedUnits = padded, PanelVectors = Layout.PanelVectors, Inputs = inputs + Shape.Features, InputStride = Layout.InputStride,
                Gates = gates, GateStride = Layout.GateStride, State = state, NextState = nextState, Weights = RecurrentKernel, Bias = Bias,
                Mask = Mask == null ? null : Mask + ((nint)first * Shape.Steps) + Shape.Position(t), MaskStride = Shape.Steps,
                ToNextGates = isFar ? Layout.GateStep : 0, NextSequence = sequence == null ? null : sequence + units, SequenceStride = sequenceStride,
            });
            EnterState(first, rows, nextState, nextInputs + Shape.Features);
            if (sequence != null)
            {
                CopyOut(rows, units, nextState, sequence, sequenceStride);
                sequence += units;
            }
            inputs = nextInputs;
            state = nextState;
            gates += KeepsAll ? Layout.GateStep : 0;
        }
        if (LastH != null)
            CopyOut(rows, units, state, LastH + ((nint)first * units), units);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Project(int rows, float* inputs, float* gates)
        => RecurrentPanels<TSimd, TVector>.Multiply(
            Layout.PanelVectors, rows, Layout.Gates * Layout.PaddedUnits, Shape.Features, inputs, Layout.InputStride, Kernel, Bias, 0, gates, Layout.GateStride);

    // From Keras's order of gates to the frame's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void LoadProjected(int t, int first, int rows, float* gates)
    {
        int units = Shape.Units, padded = Layout.PaddedUnits;
        ReadOnlySpan<int> order = RecurrentPacking<TSimd, TVector>.FromX(Shape);
        nint width = order.Length * (nint)units;
        float* source = Projected + ((((nint)first * Shape.Steps) + Shape.Position(t)) * width);
        for (int row = 0; row < rows; row++)
        {
            for (int segment = 0; segment < order.Length; segment++)
            {
                float* x = source + (order[segment] * units);
                for (int i = 0; i < padded; i += TSimd.Count)
                {
                    int place = (segment * padded) + i;
                    *(TVector*)(gates + place) = TSimd.Add(TSimd.LoadPartial(x + i, Math.Min(TSimd.Count, units - i)), *(TVector*)(Bias + place));
                }
            }
            source += Shape.Steps * width;
            gates += Layout.GateStride;
        }
    }

    private readonly void EnterState(int first, int rows, float* state, float* inputs)
        => RecurrentInputs<TSimd, TVector>.EnterState(
            rows, Shape.Units, state, Layout.PaddedUnits, RecurrentMask == null ? null : RecurrentMask + ((nint)first * Shape.Units), inputs, Layout.InputStride);

    private readonly void LoadInputs(int t, int first, int rows, float* inputs)
    {
        nint position = ((nint)first * Shape.Steps) + Shape.Position(t);
        int features = Shape.Features;
        RecurrentInputs<TSimd, TVector>.LoadX(
            rows, X + (position * features), (nint)Shape.Steps * features, features, Mask == null ? null : Mask + position, Shape.Steps,
            !Layout.IsFar ? 0 : Shape.GoBackwards ? -features : features, inputs, Layout.InputStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void CopyOut(int rows, int units, float* state, float* destination, nint stride)
        => LSTMRows<TSimd, TVector>.Copy(rows, units, state, Layout.PaddedUnits, destination, stride);
}
