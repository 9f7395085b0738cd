using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Copies of a few strided rows, by whole vectors and one partial one.</summary>
internal static unsafe class LSTMRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Copies <paramref name="length"/> floats; null as source means zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyRow(float* source, float* destination, int length)
    {
        int i = 0;
        for (; i <= length - TSimd.Count; i += TSimd.Count)
            *(TVector*)(destination + i) = source == null ? default : *(TVector*)(source + i);
        if (i < length)
            TSimd.StorePartial(destination + i, source == null ? default : TSimd.LoadPartial(source + i, length - i), length - i);
    }

    /// <summary>Copies rows; null as source means zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(int rows, int length, float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (int row = 0; row < rows; row++)
        {
            CopyRow(source, destination, length);
            destination += destinationStride;
            if (source != null)
                source += sourceStride;
        }
    }

    /// <summary>Copies or adds rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyOrAdd(
        int rows, int length, float* source, nint sourceStride, float* destination, nint destinationStride, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < length; i += TSimd.Count)
            {
                int lanes = Math.Min(TSimd.Count, length - i);
                TVector value = TSimd.LoadPartial(source + i, lanes);
                if (accumulate)
                    value = TSimd.Add(TSimd.LoadPartial(destination + i, lanes), value);
                TSimd.StorePartial(destination + i, value, lanes);
            }
            source += sourceStride;
            destination += destinationStride;
        }
    }

    /// <summary>Copies rows into a destination that is padded with zeros to <paramref name="paddedLength"/> floats; null means all zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPadded(int rows, int length, int paddedLength, float* source, float* destination, nint destinationStride)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < paddedLength; i += TSimd.Count)
            {
                TVector value = source == null ? default : TSimd.LoadPartial(source + i, Math.Min(TSimd.Count, length - i));
                *(TVector*)(destination + i) = value;
            }
            destination += destinationStride;
            if (source != null)
                source += length;
        }
    }

    /// <summary>Loads the gates of one block of units, which stand side by side; lanes that there are not come as zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadGates(float* gates, int lanes, out TVector i, out TVector f, out TVector g, out TVector o)
    {
        if (lanes == TSimd.Count)
        {
            i = *(TVector*)gates;
            f = ((TVector*)gates)[1];
            g = ((TVector*)gates)[2];
            o = ((TVector*)gates)[3];
            return;
        }
        i = TSimd.LoadPartial(gates, lanes);
        f = TSimd.LoadPartial(gates + lanes, lanes);
        g = TSimd.LoadPartial(gates + (2 * lanes), lanes);
        o = TSimd.LoadPartial(gates + (3 * lanes), lanes);
    }

    /// <summary>Stores what <see cref="LoadGates"/> loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreGates(float* gates, int lanes, TVector i, TVector f, TVector g, TVector o)
    {
        if (lanes == TSimd.Count)
        {
            *(TVector*)gates = i;
            ((TVector*)gates)[1] = f;
            ((TVector*)gates)[2] = g;
            ((TVector*)gates)[3] = o;
            return;
        }
        TSimd.StorePartial(gates, i, lanes);
        TSimd.StorePartial(gates + lanes, f, lanes);
        TSimd.StorePartial(gates + (2 * lanes), g, lanes);
        TSimd.StorePartial(gates + (3 * lanes), o, lanes);
    }

    /// <summary>Adds rows to one row of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRows(int rows, int length, float* source, nint sourceStride, float* sums)
    {
        for (int i = 0; i < length; i += TSimd.Count)
        {
            TVector sum = *(TVector*)(sums + i);
            float* column = source + i;
            for (int row = 0; row < rows; row++)
            {
                sum = TSimd.Add(sum, *(TVector*)column);
                column += sourceStride;
            }
            *(TVector*)(sums + i) = sum;
        }
    }
}
