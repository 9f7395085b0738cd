using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary><see cref="ISimd{TVector}.SumEight"/> for vectors too short to gain by adding several across at once.</summary>
internal static unsafe class LaneSums<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OneByOne(TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5, TVector v6, TVector v7, float* sums)
    {
        sums[0] = TSimd.Sum(v0);
        sums[1] = TSimd.Sum(v1);
        sums[2] = TSimd.Sum(v2);
        sums[3] = TSimd.Sum(v3);
        sums[4] = TSimd.Sum(v4);
        sums[5] = TSimd.Sum(v5);
        sums[6] = TSimd.Sum(v6);
        sums[7] = TSimd.Sum(v7);
    }
}
