using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The weights in the order in which the tiles read them. Done once a call, not once a step.</summary>
internal static unsafe class LSTMPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// [K; R] (features + units rows) as [block][row][i, f, g, o][lane] and the bias as [block][i, f, g, o][lane]; lanes beyond the
    /// units are zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(in LSTMShape s, in LSTMLayout layout, float* kernel, float* recurrentKernel, float* bias, float* packed, float* packedBias)
    {
        int units = s.Units;
        for (int block = 0; block < layout.Blocks; block++)
        {
            int unit = block * TSimd.Count;
            int lanes = Math.Min(TSimd.Count, units - unit);
            packed = PackRows(s.Features, units, lanes, kernel + unit, packed);
            packed = PackRows(units, units, lanes, recurrentKernel + unit, packed);
            if (bias == null)
                new Span<float>(packedBias, 4 * TSimd.Count).Clear();
            else
                PackRows(1, units, lanes, bias + unit, packedBias);
            packedBias += 4 * TSimd.Count;
        }
    }

    /// <summary>
    /// The transpose of one kernel (rows × 4 units) in panels of up to four vectors of its rows, beginning with row <c>4 · panel</c> vectors:
    /// [panel][gate column in blocked order][row of the panel], zero where there is no such row or unit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed(in LSTMLayout layout, int rows, int units, float* kernel, float* packed)
    {
        int vectors = (rows + TSimd.Count - 1) / TSimd.Count;
        int gateLength = layout.GateLength;
        for (int done = 0; done < vectors;)
        {
            int width = LSTMPanels.Width(vectors - done);
            int panelColumns = width * TSimd.Count;
            for (int column = 0; column < panelColumns; column++)
            {
                int row = (done * TSimd.Count) + column;
                float* source = row < rows ? kernel + ((nint)row * 4 * units) : null;
                PackColumn(layout, units, source, packed + column, panelColumns);
            }
            packed += (nint)gateLength * panelColumns;
            done += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* PackRows(int rows, int units, int lanes, float* source, float* packed)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int gate = 0; gate < 4; gate++)
            {
                float* vector = source + (gate * units);
                TSimd.Store(packed, lanes == TSimd.Count ? TSimd.Load(vector) : TSimd.LoadPartial(vector, lanes));
                packed += TSimd.Count;
            }
            source += 4 * units;
        }
        return packed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumn(in LSTMLayout layout, int units, float* source, float* destination, nint stride)
    {
        for (int block = 0; block < layout.Blocks; block++)
        {
            int lanes = source == null ? 0 : Math.Min(TSimd.Count, units - (block * TSimd.Count));
            for (int gate = 0; gate < 4; gate++)
            {
                float* vector = source + (gate * units) + (block * TSimd.Count);
                for (int lane = 0; lane < lanes; lane++)
                {
                    *destination = vector[lane];
                    destination += stride;
                }
                for (int lane = lanes; lane < TSimd.Count; lane++)
                {
                    *destination = 0f;
                    destination += stride;
                }
            }
        }
    }
}
