using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A GRU whose reset gate scales the product: n = h R_h + b; h' = z h + (1 − z) a(x_h + r n). One product a step.
/// </summary>
/// <remarks>Segments of a row of gates: a (the candidate), z, r, n.</remarks>
internal readonly unsafe struct GRUResetAfterCell<TSimd, TVector, TActivation, TGate>(TActivation activation, TGate gate) : IRecurrentCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TActivation : struct, IRecurrentActivation<TSimd, TVector>
    where TGate : struct, IRecurrentActivation<TSimd, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(in RecurrentStep s)
    {
        int padded = s.PaddedUnits;
        for (int row = 0; row < s.Rows; row++)
            LSTMRows<TSimd, TVector>.CopyRow(s.Bias + (3 * padded), s.Gates + (row * s.GateStride) + (3 * padded), padded);
        float* fromState = s.Gates + padded;
        RecurrentPanels<TSimd, TVector>.Multiply(
            s.PanelVectors, s.Rows, 3 * padded, s.Units, s.Inputs, s.InputStride, s.Weights, fromState, s.GateStride, fromState, s.GateStride);
        for (int row = 0; row < s.Rows; row++)
        {
            float* state = s.State + ((nint)row * padded);
            float* next = s.NextState + ((nint)row * padded);
            if (s.IsMasked(row))
                LSTMRows<TSimd, TVector>.CopyRow(state, next, padded);
            else
                ForwardRow(s, row, s.Gates + (row * s.GateStride), state, next);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(in RecurrentBackStep s)
    {
        int padded = s.PaddedUnits;
        for (int row = 0; row < s.Rows; row++)
        {
            float* gradients = s.GateGradients + (row * s.GateStride);
            if (s.IsMasked(row))
                new Span<float>(gradients, 4 * padded).Clear();
            else
                BackwardRow(s, row, s.Gates + (row * s.GateStride), s.State + ((nint)row * padded), s.Dh + ((nint)row * padded), gradients);
        }
        if (s.WantsState)
        {
            RecurrentPanels<TSimd, TVector>.Multiply(
                s.PanelVectors, s.Rows, padded, 3 * padded, s.GateGradients + padded, s.GateStride, s.Weights, s.DProducts, padded, s.DProducts, padded);
        }
    }

    // The gates in a loop of their own: the candidate waits for r and h for the candidate, and of a loop with all of it in a row the processor keeps too few
    // rounds in flight to fill that time, above all where a neighbour uses the same core (0.9 of the time).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRow(in RecurrentStep s, int row, float* gates, float* state, float* next)
    {
        int padded = s.PaddedUnits;
        TVector one = TSimd.Splat(1f);
        for (int i = padded; i < 3 * padded && TGate.KeepsOutput; i += TSimd.Count)
            *(TVector*)(gates + i) = gate.Value(*(TVector*)(gates + i));
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            s.AskForNext(row, i);
            TVector a = *(TVector*)(gates + i);
            TVector zValue = *(TVector*)(gates + padded + i);
            TVector rValue = *(TVector*)(gates + (2 * padded) + i);
            if (!TGate.KeepsOutput)
            {
                zValue = gate.Value(zValue);
                rValue = gate.Value(rValue);
            }
            a = TSimd.MultiplyAdd(rValue, *(TVector*)(gates + (3 * padded) + i), a);
            TVector candidate = activation.Value(a);
            TVector h = TSimd.MultiplyAdd(zValue, *(TVector*)(state + i), TSimd.Multiply(TSimd.Subtract(one, zValue), candidate));
            *(TVector*)(gates + i) = TActivation.KeepsOutput ? candidate : a;
            *(TVector*)(next + i) = RecurrentLanes<TSimd, TVector>.Flush(h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardRow(in RecurrentBackStep s, int row, float* gates, float* state, float* dhRow, float* gradients)
    {
        int padded = s.PaddedUnits;
        TVector one = TSimd.Splat(1f);
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            s.AskForNext(row, i);
            int lanes = s.Units - i;
            TVector candidate = RecurrentLanes<TSimd, TVector>.Recall(activation, *(TVector*)(gates + i), out TVector slope);
            TVector z = RecurrentLanes<TSimd, TVector>.Recall(gate, *(TVector*)(gates + padded + i), out TVector zSlope);
            TVector r = RecurrentLanes<TSimd, TVector>.Recall(gate, *(TVector*)(gates + (2 * padded) + i), out TVector rSlope);
            TVector dh = RecurrentLanes<TSimd, TVector>.Flush(*(TVector*)(dhRow + i));
            TVector da = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(one, z)), slope);
            TVector dz = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(*(TVector*)(state + i), candidate)), zSlope);
            TVector dr = TSimd.Multiply(TSimd.Multiply(da, *(TVector*)(gates + (3 * padded) + i)), rSlope);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + i, da, lanes);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + padded + i, dz, lanes);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + (2 * padded) + i, dr, lanes);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + (3 * padded) + i, TSimd.Multiply(da, r), lanes);
            *(TVector*)(dhRow + i) = TSimd.Multiply(dh, z);
        }
    }
}
