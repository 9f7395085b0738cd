using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>h' = a(x K + h R + b).</summary>
internal readonly unsafe struct SimpleRNNCell<TSimd, TVector, TActivation>(TActivation activation) : IRecurrentCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TActivation : struct, IRecurrentActivation<TSimd, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(in RecurrentStep s)
    {
        int padded = s.PaddedUnits;
        RecurrentPanels<TSimd, TVector>.Multiply(
            s.PanelVectors, s.Rows, padded, s.Units, s.Inputs, s.InputStride, s.Weights, s.Gates, s.GateStride, s.Gates, s.GateStride);
        for (int row = 0; row < s.Rows; row++)
        {
            float* a = s.Gates + (row * s.GateStride);
            float* state = s.State + ((nint)row * padded);
            float* next = s.NextState + ((nint)row * padded);
            if (s.IsMasked(row))
            {
                LSTMRows<TSimd, TVector>.CopyRow(state, next, padded);
                continue;
            }
            for (int i = 0; i < padded; i += TSimd.Count)
            {
                s.AskForNext(row, i);
                TVector x = *(TVector*)(a + i);
                TVector value = activation.Value(x);
                *(TVector*)(a + i) = TActivation.KeepsOutput ? value : x;
                *(TVector*)(next + i) = RecurrentLanes<TSimd, TVector>.Flush(value);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(in RecurrentBackStep s)
    {
        int padded = s.PaddedUnits;
        for (int row = 0; row < s.Rows; row++)
        {
            float* a = s.Gates + (row * s.GateStride);
            float* da = s.GateGradients + (row * s.GateStride);
            float* dhRow = s.Dh + ((nint)row * padded);
            if (s.IsMasked(row))
            {
                new Span<float>(da, padded).Clear();
                continue;
            }
            for (int i = 0; i < padded; i += TSimd.Count)
            {
                s.AskForNext(row, i);
                RecurrentLanes<TSimd, TVector>.Recall(activation, *(TVector*)(a + i), out TVector derivative);
                TVector dh = RecurrentLanes<TSimd, TVector>.Flush(*(TVector*)(dhRow + i));
                RecurrentLanes<TSimd, TVector>.StoreGradient(da + i, TSimd.Multiply(dh, derivative), s.Units - i);
                *(TVector*)(dhRow + i) = default;
            }
        }
        if (s.WantsState)
        {
            RecurrentPanels<TSimd, TVector>.Multiply(
                s.PanelVectors, s.Rows, padded, padded, s.GateGradients, s.GateStride, s.Weights, s.DProducts, padded, s.DProducts, padded);
        }
    }
}
