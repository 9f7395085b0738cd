using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Keras's weights, gates z, r, h, in the frame's order: a z r from x, then z r and h (or n) from the state.</summary>
internal static unsafe class RecurrentPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Which of Keras's gates stands in the segments that come from x.</summary>
    public static ReadOnlySpan<int> FromX(in RecurrentShape s) => s.Kind == RecurrentKind.Simple ? [0] : [2, 0, 1];

    /// <summary>Packs K, R and the bias for the forward products.</summary>
    public static void Pack(
        in RecurrentShape s, in RecurrentLayout layout, float* kernel, float* recurrentKernel, float* bias, float* packed, float* recurrent, float* packedBias)
    {
        int columns = s.Gates * s.Units;
        RecurrentPanels<TSimd, TVector>.Pack(layout.PanelVectors, s.Features, kernel, columns, FromX(s), s.Units, packed);
        switch (s.Kind)
        {
            case RecurrentKind.Simple:
                RecurrentPanels<TSimd, TVector>.Pack(layout.PanelVectors, s.Units, recurrentKernel, columns, [0], s.Units, recurrent);
                break;
            case RecurrentKind.ResetAfter:
                RecurrentPanels<TSimd, TVector>.Pack(layout.PanelVectors, s.Units, recurrentKernel, columns, [0, 1, 2], s.Units, recurrent);
                break;
            default:
                RecurrentPanels<TSimd, TVector>.Pack(layout.PanelVectors, s.Units, recurrentKernel, columns, [0, 1], s.Units, recurrent);
                RecurrentPanels<TSimd, TVector>.Pack(layout.PanelVectors, s.Units, recurrentKernel, columns, [2], s.Units, recurrent + ((nint)s.Units * 2 * layout.PaddedUnits));
                break;
        }
        PackBias(s, layout, bias, packedBias);
    }

    /// <summary>Packs Kᵀ (unless null) and behind it Rᵀ for the backward products.</summary>
    public static void PackTransposed(in RecurrentShape s, in RecurrentLayout layout, float* kernel, float* recurrentKernel, float* packed)
    {
        int columns = s.Gates * s.Units;
        float* recurrent = packed + layout.TransposedKernelLength;
        if (kernel != null)
            RecurrentPanels<TSimd, TVector>.PackTransposed(layout.PanelVectors, s.Features, kernel, columns, FromX(s), s.Units, packed);
        switch (s.Kind)
        {
            case RecurrentKind.Simple:
                RecurrentPanels<TSimd, TVector>.PackTransposed(layout.PanelVectors, s.Units, recurrentKernel, columns, [0], s.Units, recurrent);
                break;
            case RecurrentKind.ResetAfter:
                RecurrentPanels<TSimd, TVector>.PackTransposed(layout.PanelVectors, s.Units, recurrentKernel, columns, [0, 1, 2], s.Units, recurrent);
                break;
            default:
                RecurrentPanels<TSimd, TVector>.PackTransposed(layout.PanelVectors, s.Units, recurrentKernel, columns, [0, 1], s.Units, recurrent);
                RecurrentPanels<TSimd, TVector>.PackTransposed(
                    layout.PanelVectors, s.Units, recurrentKernel, columns, [2], s.Units, recurrent + ((nint)2 * layout.PaddedUnits * layout.PaddedUnits));
                break;
        }
    }

    // Of a GRU's two biases, z and r see only the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackBias(in RecurrentShape s, in RecurrentLayout layout, float* bias, float* packed)
    {
        new Span<float>(packed, layout.GateLength).Clear();
        if (bias == null)
            return;
        int units = s.Units;
        int padded = layout.PaddedUnits;
        ReadOnlySpan<int> gates = FromX(s);
        for (int segment = 0; segment < gates.Length; segment++)
            new ReadOnlySpan<float>(bias + (gates[segment] * units), units).CopyTo(new Span<float>(packed + (segment * padded), units));
        if (s.Kind != RecurrentKind.ResetAfter)
            return;
        float* second = bias + (3 * units);
        for (int unit = 0; unit < units; unit++)
        {
            packed[padded + unit] += second[unit];
            packed[(2 * padded) + unit] += second[units + unit];
            packed[(3 * padded) + unit] = second[(2 * units) + unit];
        }
    }
}
