using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The endings that both tile families share.</summary>
internal static unsafe class GemmTileStore<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>max(value, 0) with NaN kept: a comparison with NaN is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ReLU(TVector value) => TSimd.Select(TSimd.LessThan(value, TSimd.Zero), TSimd.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row2<TColumns>(float* c, TVector v0, TVector v1)
        where TColumns : struct, ITileSize
    {
        TSimd.Store(c, v0);
        if (TColumns.Count > 1)
            TSimd.Store(c + TSimd.Count, v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row4<TColumns>(float* c, TVector v0, TVector v1, TVector v2, TVector v3)
        where TColumns : struct, ITileSize
    {
        TSimd.Store(c, v0);
        if (TColumns.Count > 1)
            TSimd.Store(c + TSimd.Count, v1);
        if (TColumns.Count > 2)
            TSimd.Store(c + (2 * TSimd.Count), v2);
        if (TColumns.Count > 3)
            TSimd.Store(c + (3 * TSimd.Count), v3);
    }

    /// <summary>Finishes and stores a tile whose last vector is partial. <paramref name="sums"/> holds <paramref name="pitch"/> vectors a row.</summary>
    public static void Partial(GemmTileCall* call, float* sums, int pitch, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int j = 0; j < columns; j++)
            {
                int count = j == columns - 1 ? call->LastCount : TSimd.Count;
                float* c = call->C + (r * call->RowStrideC) + (j * TSimd.Count);
                TVector value = TSimd.Load(sums + (((r * pitch) + j) * TSimd.Count));
                TSimd.StorePartial(c, Finish(call, c, j, value, count), count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish(GemmTileCall* call, float* c, int vector, TVector value, int count)
    {
        if ((call->Store & GemmStore.Add) != 0)
            value = TSimd.Add(value, TSimd.LoadPartial(c, count));
        if ((call->Store & GemmStore.Bias) != 0)
            value = TSimd.Add(value, TSimd.LoadPartial(call->Bias + (vector * TSimd.Count), count));
        return (call->Store & GemmStore.ReLU) != 0 ? ReLU(value) : value;
    }
}
