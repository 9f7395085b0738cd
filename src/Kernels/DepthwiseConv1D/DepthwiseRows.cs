using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>What the depthwise convolution does with one row.</summary>
internal static unsafe class DepthwiseRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary><c>sum[i] = Σ rows[t · rowStride + i] · kernel[t · width + i] + bias[i]</c> over the taps; a null bias counts as zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Window(float* rows, nint rowStride, float* kernel, int taps, int width, float* bias, float* sum)
    {
        int i = 0;
        for (; i <= width - TSimd.Count; i += TSimd.Count)
        {
            TVector total = bias == null ? default : *(TVector*)(bias + i);
            float* row = rows + i;
            float* weight = kernel + i;
            for (int t = 0; t < taps; t++, row += rowStride, weight += width)
                total = TSimd.MultiplyAdd(*(TVector*)row, *(TVector*)weight, total);
            *(TVector*)(sum + i) = total;
        }
        if (i < width)
        {
            int rest = width - i;
            TVector total = bias == null ? default : TSimd.LoadPartial(bias + i, rest);
            float* row = rows + i;
            float* weight = kernel + i;
            for (int t = 0; t < taps; t++, row += rowStride, weight += width)
                total = TSimd.MultiplyAdd(TSimd.LoadPartial(row, rest), TSimd.LoadPartial(weight, rest), total);
            TSimd.StorePartial(sum + i, total, rest);
        }
    }

    /// <summary><c>sum[i] += left[i] · right[i]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(float* left, float* right, float* sum, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
            *(TVector*)(sum + i) = TSimd.MultiplyAdd(*(TVector*)(left + i), *(TVector*)(right + i), *(TVector*)(sum + i));
        if (i < count)
        {
            int rest = count - i;
            TVector total = TSimd.MultiplyAdd(TSimd.LoadPartial(left + i, rest), TSimd.LoadPartial(right + i, rest), TSimd.LoadPartial(sum + i, rest));
            TSimd.StorePartial(sum + i, total, rest);
        }
    }

    /// <summary>Entries [first, first + count) of a row whose channels are repeated <paramref name="multiplier"/> times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Repeat(float* row, int multiplier, int first, int count, float* to)
    {
        for (int i = 0; i < count; i++)
            to[i] = row[(first + i) / multiplier];
    }

    /// <summary>Writes or adds the sums of <paramref name="multiplier"/> neighbours each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(float* row, int multiplier, int channels, float* to, bool accumulate)
    {
        for (int c = 0; c < channels; c++)
        {
            float sum = accumulate ? to[c] : 0f;
            for (int m = 0; m < multiplier; m++)
                sum += row[(c * multiplier) + m];
            to[c] = sum;
        }
    }
}
