using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Rows of a C that is no wider than a vector, group after group in one call: with short sums the calls of tiles and what surrounds them would take longer than the sums.
/// </summary>
/// <remarks>Register budget: 8 sums + 1 of B. Each multiply-add reads its element of A itself. Rows of C are stored under a mask, whatever lies between them; endings are
/// applied in memory.</remarks>
internal static unsafe class NarrowRows<TSimd, TVector, TRows, TAccess>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
    where TAccess : struct, IVectorAccess<TVector>
{
    /// <param name="call">The first group; <see cref="GemmTileCall.LastCount"/> says how many columns there are.</param>
    /// <param name="groups">How many groups of <typeparamref name="TRows"/> (up to 8) rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmTileCall* call, int groups)
    {
        nint row = call->RowStrideA * sizeof(float), column = call->ColumnStrideA * sizeof(float);
        byte* a = (byte*)call->A;
        float* c = call->C;
        nint ldc = call->RowStrideC;
        nint ldb = call->RowStrideB;
        int count = call->LastCount;
        do
        {
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            TVector c4 = default, c5 = default, c6 = default, c7 = default;
            float* b = call->B;
            byte* a0 = a, a3 = a + (3 * row), a6 = a3 + (3 * row);
            nint k = call->K;
            do
            {
                TVector v = TAccess.Load(b, count);
                c0 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)a0), v, c0);
                if (sizeof(TRows) > 1)
                    c1 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a0 + row)), v, c1);
                if (sizeof(TRows) > 2)
                    c2 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a0 + (2 * row))), v, c2);
                if (sizeof(TRows) > 3)
                    c3 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)a3), v, c3);
                if (sizeof(TRows) > 4)
                    c4 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a3 + row)), v, c4);
                if (sizeof(TRows) > 5)
                    c5 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a3 + (2 * row))), v, c5);
                if (sizeof(TRows) > 6)
                    c6 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)a6), v, c6);
                if (sizeof(TRows) > 7)
                    c7 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a6 + row)), v, c7);
                if (sizeof(TRows) > 3)
                    a3 += column;
                if (sizeof(TRows) > 6)
                    a6 += column;
                a0 += column;
                b += ldb;
            }
            while (--k != 0);
            if (call->Store != GemmStore.Partial)
            {
                float* spill = call->Spill;
                *(TVector*)spill = c0;
                if (sizeof(TRows) > 1)
                    ((TVector*)spill)[1] = c1;
                if (sizeof(TRows) > 2)
                    ((TVector*)spill)[2] = c2;
                if (sizeof(TRows) > 3)
                    ((TVector*)spill)[3] = c3;
                if (sizeof(TRows) > 4)
                    ((TVector*)spill)[4] = c4;
                if (sizeof(TRows) > 5)
                    ((TVector*)spill)[5] = c5;
                if (sizeof(TRows) > 6)
                    ((TVector*)spill)[6] = c6;
                if (sizeof(TRows) > 7)
                    ((TVector*)spill)[7] = c7;
                call->C = c;
                GemmTileStore<TSimd, TVector>.Partial(call, spill, 1, sizeof(TRows), 1);
                a += sizeof(TRows) * row;
                c += sizeof(TRows) * ldc;
                continue;
            }
            TSimd.StorePartial(c, c0, count);
            if (sizeof(TRows) > 1)
                TSimd.StorePartial(c + ldc, c1, count);
            if (sizeof(TRows) > 2)
                TSimd.StorePartial(c + (2 * ldc), c2, count);
            if (sizeof(TRows) > 3)
                TSimd.StorePartial(c + (3 * ldc), c3, count);
            if (sizeof(TRows) > 4)
                TSimd.StorePartial(c + (4 * ldc), c4, count);
            if (sizeof(TRows) > 5)
                TSimd.StorePartial(c + (5 * ldc), c5, count);
            if (sizeof(TRows) > 6)
                TSimd.StorePartial(c + (6 * ldc), c6, count);
            if (sizeof(TRows) > 7)
                TSimd.StorePartial(c + (7 * ldc), c7, count);
            a += sizeof(TRows) * row;
            c += sizeof(TRows) * ldc;
        }
        while (--groups > 0);
    }
}
