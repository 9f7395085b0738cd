using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The weights' gradients from the frame's order to Keras's, overwriting or adding; of several sums their sum.</summary>
internal static unsafe class RecurrentDelivery<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Deliver(in RecurrentShape s, in RecurrentLayout layout, in RecurrentMemory memory, in RecurrentGradients gradients)
    {
        int units = s.Units;
        int padded = layout.PaddedUnits;
        ReadOnlySpan<int> fromX = RecurrentPacking<TSimd, TVector>.FromX(s);
        ReadOnlySpan<int> inOrder = s.Kind == RecurrentKind.Simple ? [0] : [0, 1, 2];
        fixed (float* kernel = gradients.Kernel, recurrentKernel = gradients.RecurrentKernel, bias = gradients.Bias)
        {
            for (int sum = 0; sum < layout.Chunks.Sums; sum++)
            {
                float* input = memory.KernelGradients + ((nint)sum * layout.KernelLength);
                float* recurrent = memory.RecurrentGradients + ((nint)sum * layout.RecurrentLength);
                if (kernel != null)
                    Rows(s.Features, units, padded, fromX, input, kernel, gradients.AccumulateKernel || sum > 0);
                if (recurrentKernel != null)
                    Rows(units, units, padded, inOrder, recurrent, recurrentKernel, gradients.AccumulateRecurrentKernel || sum > 0);
            }
            for (int chunk = 0; chunk < layout.Chunks.Count && bias != null; chunk++)
            {
                float* sums = memory.BiasSums + ((nint)chunk * layout.GateLength);
                bool adds = gradients.AccumulateBias || chunk > 0;
                Rows(1, units, padded, fromX, sums, bias, adds);
                if (s.Kind == RecurrentKind.ResetAfter)
                    Rows(1, units, padded, inOrder, sums + padded, bias + (3 * units), adds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(int rows, int units, int padded, ReadOnlySpan<int> gates, float* source, float* destination, bool accumulate)
    {
        for (int segment = 0; segment < gates.Length; segment++)
        {
            LSTMRows<TSimd, TVector>.CopyOrAdd(
                rows, units, source + (segment * padded), (nint)gates.Length * padded, destination + (gates[segment] * units),
                (nint)gates.Length * units, accumulate);
        }
    }
}
