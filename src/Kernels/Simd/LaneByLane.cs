using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>What a set does lane by lane, where neither masks nor shuffles do better. Apart, so that compiling a body with a tail does not read it.</summary>
internal static unsafe class LaneByLane<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary><see cref="ISimd{TVector}.LoadPartial"/>.</summary>
    public static TVector LoadPartial(float* source, int count)
    {
        float* lanes = stackalloc float[TSimd.Count];
        for (int i = 0; i < TSimd.Count; i++)
            lanes[i] = i < count ? source[i] : 0f;
        return *(TVector*)lanes;
    }

    /// <summary><see cref="ISimd{TVector}.StorePartial"/>.</summary>
    public static void StorePartial(float* destination, TVector value, int count)
    {
        float* lanes = stackalloc float[TSimd.Count];
        *(TVector*)lanes = value;
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }

    /// <summary><see cref="ISimd{TVector}.Transpose"/>.</summary>
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        for (int i = 0; i < TSimd.Count; i++)
        {
            for (int j = 0; j < TSimd.Count; j++)
                destination[(i * destinationStride) + j] = source[(j * sourceStride) + i];
        }
    }

    /// <summary><see cref="ISimd{TVector}.SumEight"/>, for vectors too short to gain by adding several across at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5, TVector v6, TVector v7, float* sums)
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
