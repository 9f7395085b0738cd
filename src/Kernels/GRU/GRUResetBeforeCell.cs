using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A GRU whose reset gate scales the state: h' = z h + (1 − z) a(x_h + (r h) R_h). Two products a step, because the second needs the first's r.
/// </summary>
/// <remarks>Segments of a row of gates: a (the candidate), z, r. The packed weights are [R_z R_r], then R_h; so are their transposes.</remarks>
internal readonly unsafe struct GRUResetBeforeCell<TSimd, TVector, TActivation, TGate>(TActivation activation, TGate gate) : IRecurrentCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TActivation : struct, IRecurrentActivation<TSimd, TVector>
    where TGate : struct, IRecurrentActivation<TSimd, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(in RecurrentStep s)
    {
        int padded = s.PaddedUnits;
        float* fromState = s.Gates + padded;
        float* reset = s.Inputs + padded;
        RecurrentPanels<TSimd, TVector>.Multiply(
            s.PanelVectors, s.Rows, 2 * padded, s.Units, s.Inputs, s.InputStride, s.Weights, fromState, s.GateStride, fromState, s.GateStride);
        for (int row = 0; row < s.Rows; row++)
            ResetRow(s.Gates + (row * s.GateStride) + (2 * padded), s.Inputs + (row * s.InputStride), reset + (row * s.InputStride), padded);
        RecurrentPanels<TSimd, TVector>.Multiply(
            s.PanelVectors, s.Rows, padded, s.Units, reset, s.InputStride, s.Weights + ((nint)s.Units * 2 * padded), s.Gates, s.GateStride, s.Gates, s.GateStride);
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
                new Span<float>(gradients, 3 * padded).Clear();
            else
                BackwardRow(s, row, s.Gates + (row * s.GateStride), s.State + ((nint)row * padded), s.Dh + ((nint)row * padded), gradients);
        }
        RecurrentPanels<TSimd, TVector>.Multiply(
            s.PanelVectors, s.Rows, padded, padded, s.GateGradients, s.GateStride, s.Weights + ((nint)2 * padded * padded), null, 0, s.DReset, padded);
        for (int row = 0; row < s.Rows; row++)
        {
            nint place = (nint)row * padded;
            if (s.IsMasked(row))
                LSTMRows<TSimd, TVector>.CopyRow(null, s.Inputs + (row * s.InputStride) + padded, padded);
            else
                UnresetRow(s, row, s.DReset + place, s.DProducts + place);
        }
        if (s.WantsState)
        {
            RecurrentPanels<TSimd, TVector>.Multiply(
                s.PanelVectors, s.Rows, padded, 2 * padded, s.GateGradients + padded, s.GateStride, s.Weights, s.DProducts, padded, s.DProducts, padded);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResetRow(float* r, float* h, float* reset, int padded)
    {
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            TVector x = *(TVector*)(r + i);
            TVector value = gate.Value(x);
            *(TVector*)(r + i) = TGate.KeepsOutput ? value : x;
            *(TVector*)(reset + i) = TSimd.Multiply(value, *(TVector*)(h + i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRow(in RecurrentStep s, int row, float* gates, float* state, float* next)
    {
        int padded = s.PaddedUnits;
        TVector one = TSimd.Splat(1f);
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            s.AskForNext(row, i);
            TVector a = *(TVector*)(gates + i);
            TVector z = *(TVector*)(gates + padded + i);
            TVector zValue = gate.Value(z);
            TVector candidate = activation.Value(a);
            TVector h = TSimd.MultiplyAdd(zValue, *(TVector*)(state + i), TSimd.Multiply(TSimd.Subtract(one, zValue), candidate));
            *(TVector*)(gates + i) = TActivation.KeepsOutput ? candidate : a;
            *(TVector*)(gates + padded + i) = TGate.KeepsOutput ? zValue : z;
            *(TVector*)(next + i) = RecurrentLanes<TSimd, TVector>.Flush(h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardRow(in RecurrentBackStep s, int row, float* gates, float* state, float* dhRow, float* gradients)
    {
        int padded = s.PaddedUnits;
        int units = s.Units;
        TVector one = TSimd.Splat(1f);
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            s.AskForNext(row, i);
            TVector candidate = RecurrentLanes<TSimd, TVector>.Recall(activation, *(TVector*)(gates + i), out TVector slope);
            TVector z = RecurrentLanes<TSimd, TVector>.Recall(gate, *(TVector*)(gates + padded + i), out TVector zSlope);
            TVector dh = RecurrentLanes<TSimd, TVector>.Flush(*(TVector*)(dhRow + i));
            TVector da = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(one, z)), slope);
            TVector dz = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(*(TVector*)(state + i), candidate)), zSlope);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + i, da, units - i);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + padded + i, dz, units - i);
            *(TVector*)(dhRow + i) = TSimd.Multiply(dh, z);
        }
    }

    // From the gradient of r·h: that of r's pre-activation, and h's share; and r·h itself once more, for the gradient of R_h.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UnresetRow(in RecurrentBackStep s, int row, float* dReset, float* dh)
    {
        int padded = s.PaddedUnits;
        float* gates = s.Gates + (row * s.GateStride) + (2 * padded);
        float* gradients = s.GateGradients + (row * s.GateStride) + (2 * padded);
        float* h = s.Inputs + (row * s.InputStride);
        float* reset = h + padded;
        for (int i = 0; i < padded; i += TSimd.Count)
        {
            TVector r = RecurrentLanes<TSimd, TVector>.Recall(gate, *(TVector*)(gates + i), out TVector slope);
            TVector d = *(TVector*)(dReset + i);
            TVector before = *(TVector*)(h + i);
            TVector dr = TSimd.Multiply(TSimd.Multiply(d, before), slope);
            *(TVector*)(reset + i) = TSimd.Multiply(r, before);
            RecurrentLanes<TSimd, TVector>.StoreGradient(gradients + i, dr, s.Units - i);
            *(TVector*)(dh + i) = TSimd.MultiplyAdd(d, r, *(TVector*)(dh + i));
        }
    }
}
