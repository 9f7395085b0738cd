using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The weights in the order in which the tiles read them. Done once a call, not once a step.</summary>
internal static unsafe class LSTMPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// [K; R] (features + units rows) as [block][row][i, f, g, o][lane] and the bias as [block][i, f, g, o][lane]; what the last block lacks to
    /// whole vectors is zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(in LSTMShape s, in LSTMLayout layout, float* kernel, float* recurrentKernel, float* bias, float* packed, float* packedBias)
    {
        int units = s.Units;
        for (int block = 0; block < layout.Blocks; block++)
        {
            int unit = block * TSimd.Count;
            int lanes = layout.Lanes(block);
            int length = layout.PanelVectors(block) * TSimd.Count;
            packed = PackRows(s.Features, units, lanes, length, kernel + unit, packed);
            packed = PackRows(units, units, lanes, length, recurrentKernel + unit, packed);
            if (bias == null)
                new Span<float>(packedBias, length).Clear();
            else
                PackRows(1, units, lanes, length, bias + unit, packedBias);
            packedBias += length;
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
            for (int v = 0; v < width; v++)
            {
                int row = (done + v) * TSimd.Count;
                float* destination = packed + (v * TSimd.Count);
                for (int block = 0; block < layout.Blocks; block++)
                {
                    int lanes = layout.Lanes(block);
                    for (int gate = 0; gate < 4; gate++)
                    {
                        float* source = kernel + ((nint)row * 4 * units) + (gate * units) + (block * TSimd.Count);
                        RecurrentPanels<TSimd, TVector>.TransposeSquare(rows - row, lanes, lanes, source, 4 * units, destination, panelColumns);
                        destination += lanes * panelColumns;
                    }
                }
            }
            packed += (nint)gateLength * panelColumns;
            done += width;
        }
    }

    /// <summary>Rows of a kernel in the order of a row of gates, padded with zeros to whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackBlocked(in LSTMLayout layout, int rows, int units, float* kernel, float* packed)
    {
        int length = layout.GateVectors * TSimd.Count;
        for (int row = 0; row < rows; row++)
        {
            *(TVector*)(packed + length - TSimd.Count) = default;
            for (int block = 0; block < layout.Blocks; block++)
            {
                int unit = block * TSimd.Count;
                int lanes = layout.Lanes(block);
                LSTMRows<TSimd, TVector>.CopyOrAdd(4, lanes, kernel + unit, units, packed + (4 * unit), lanes, accumulate: false);
            }
            kernel += 4 * units;
            packed += length;
        }
    }

    // Rows of one block, each padded with zeros to a length of whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* PackRows(int rows, int units, int lanes, int length, float* source, float* packed)
    {
        for (int row = 0; row < rows; row++)
        {
            if (lanes < TSimd.Count)
                *(TVector*)(packed + length - TSimd.Count) = default;
            for (int gate = 0; gate < 4; gate++)
            {
                float* vector = source + (gate * units);
                if (lanes == TSimd.Count)
                    *(TVector*)(packed + (gate * lanes)) = *(TVector*)vector;
                else
                    TSimd.StorePartial(packed + (gate * lanes), TSimd.LoadPartial(vector, lanes), lanes);
            }
            source += 4 * units;
            packed += length;
        }
        return packed;
    }
}
