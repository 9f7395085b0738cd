using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Copies of a few strided rows, by whole vectors and one partial one.</summary>
internal static unsafe class LSTMRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Copies <paramref name="length"/> floats; null as source means zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyRow(float* source, float* destination, int length)
    {
        int i = 0;
        for (; i <= length - TSimd.Count; i += TSimd.Count)
            TSimd.Store(destination + i, source == null ? TSimd.Zero : TSimd.Load(source + i));
        if (i < length)
            TSimd.StorePartial(destination + i, source == null ? TSimd.Zero : TSimd.LoadPartial(source + i, length - i), length - i);
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
                TVector value = source == null ? TSimd.Zero : TSimd.LoadPartial(source + i, Math.Min(TSimd.Count, length - i));
                TSimd.Store(destination + i, value);
            }
            destination += destinationStride;
            if (source != null)
                source += length;
        }
    }
}
