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
    /// <remarks>Gates of fewer units than a vector has are widened first, into room for four vectors, by a method of its own, which is compiled only if it is needed.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadGates(float* gates, int lanes, TVector* widened, out TVector i, out TVector f, out TVector g, out TVector o)
    {
        TVector* from = (TVector*)gates;
        if (lanes != TSimd.Count)
        {
            Widen(gates, lanes, widened);
            from = widened;
        }
        i = from[0];
        f = from[1];
        g = from[2];
        o = from[3];
    }

    /// <summary>Stores what <see cref="LoadGates"/> loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreGates(float* gates, int lanes, TVector* widened, TVector i, TVector f, TVector g, TVector o)
    {
        TVector* to = lanes == TSimd.Count ? (TVector*)gates : widened;
        to[0] = i;
        to[1] = f;
        to[2] = g;
        to[3] = o;
        if (lanes != TSimd.Count)
            Narrow(widened, lanes, gates, lanes);
    }

    /// <summary>The first lanes of four vectors, <paramref name="pitch"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(TVector* widened, int lanes, float* gates, nint pitch)
    {
        for (int gate = 0; gate < 4; gate++)
            TSimd.StorePartial(gates + (gate * pitch), widened[gate], lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(float* gates, int lanes, TVector* widened)
    {
        for (int gate = 0; gate < 4; gate++)
            widened[gate] = TSimd.LoadPartial(gates + (gate * lanes), lanes);
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
