using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The endings that both tile families share, and the one that products without tiles share with them.</summary>
internal static unsafe class GemmTileStore<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>max(value, 0) with NaN kept: one on the right wins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ReLU(TVector value) => TSimd.MaxNative(default, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row2<TColumns>(float* c, TVector v0, TVector v1)
        where TColumns : unmanaged, ITileSize
    {
        *(TVector*)c = v0;
        if (sizeof(TColumns) > 1)
            ((TVector*)c)[1] = v1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row4<TColumns>(float* c, TVector v0, TVector v1, TVector v2, TVector v3)
        where TColumns : unmanaged, ITileSize
    {
        *(TVector*)c = v0;
        if (sizeof(TColumns) > 1)
            ((TVector*)c)[1] = v1;
        if (sizeof(TColumns) > 2)
            ((TVector*)c)[2] = v2;
        if (sizeof(TColumns) > 3)
            ((TVector*)c)[3] = v3;
    }

    /// <summary>Finishes and stores a tile whose last vector is partial. <paramref name="sums"/> holds <paramref name="pitch"/> vectors a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Partial(GemmTileCall* call, float* sums, int pitch, int rows, int columns)
    {
        int whole = (columns - 1) * TSimd.Count;
        int rest = call->LastCount;
        bool plain = call->Store == GemmStore.Partial;
        float* c = call->C;
        for (int r = 0; r < rows; r++)
        {
            for (int j = 0; j < whole; j += TSimd.Count)
            {
                TVector value = *(TVector*)(sums + j);
                *(TVector*)(c + j) = plain ? value : Finish(call->Store, call->Alpha, call->Beta, value, c + j, call->Bias + j, TSimd.Count);
            }
            TVector last = *(TVector*)(sums + whole);
            TSimd.StorePartial(c + whole, plain ? last : Finish(call->Store, call->Alpha, call->Beta, last, c + whole, call->Bias + whole, rest), rest);
            sums += pitch * TSimd.Count;
            c += call->RowStrideC;
        }
    }

    /// <summary>What C at <paramref name="c"/> becomes when a sum ends there: the first <paramref name="count"/> lanes count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish(GemmStore ending, float alpha, float beta, TVector value, float* c, float* bias, int count)
    {
        if ((ending & (GemmStore.Scale | GemmStore.Bias)) != 0)
        {
            // As in the tiles, to the same bits.
            TVector factor = TSimd.Splat((ending & GemmStore.Scale) != 0 ? alpha : 1f);
            value = TSimd.MultiplyAdd(value, factor, (ending & GemmStore.Bias) != 0 ? TSimd.LoadPartial(bias, count) : default);
        }
        if ((ending & GemmStore.Add) != 0)
            value = TSimd.MultiplyAdd(TSimd.Splat((ending & GemmStore.Scale) != 0 ? beta : 1f), TSimd.LoadPartial(c, count), value);
        return (ending & GemmStore.ReLU) != 0 ? ReLU(value) : value;
    }
}
