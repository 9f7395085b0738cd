namespace FlatFuse.Kernels;

/// <summary>The tile of a height and width, as a pointer to the method compiled for it (when it is first called).</summary>
internal static unsafe class GemmTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static delegate*<GemmTileCall*, void> Of(bool wide, int rows, int vectors)
        => wide
            ? vectors switch { 1 => Wide<One, SumsOnly>(rows), 2 => Wide<Two, SumsOnly>(rows), 3 => Wide<Three, SumsOnly>(rows), _ => Wide<Four, SumsOnly>(rows) }
            : vectors == 1 ? Tall<One>(rows) : Tall<Two>(rows);

    /// <summary>A wide tile that lays the panel of B it reads down at <see cref="GemmTileCall.Packed"/>.</summary>
    public static delegate*<GemmTileCall*, void> Packing(int rows, int vectors)
        => vectors switch { 1 => Wide<One, Packs>(rows), 2 => Wide<Two, Packs>(rows), _ => Wide<Three, Packs>(rows) };

    /// <summary>A wide tile that asks meanwhile for the memory at <see cref="GemmTileCall.Fetch"/>.</summary>
    public static delegate*<GemmTileCall*, void> Fetching(int rows, int vectors)
        => vectors switch { 1 => Wide<One, Fetches>(rows), 2 => Wide<Two, Fetches>(rows), _ => Wide<Three, Fetches>(rows) };

    private static delegate*<GemmTileCall*, void> Tall<TColumns>(int rows)
        where TColumns : unmanaged, ITileSize
    {
        switch (rows)
        {
            case 1: return &GemmTileTall<TSimd, TVector, One, TColumns>.Run;
            case 2: return &GemmTileTall<TSimd, TVector, Two, TColumns>.Run;
            case 3: return &GemmTileTall<TSimd, TVector, Three, TColumns>.Run;
            case 4: return &GemmTileTall<TSimd, TVector, Four, TColumns>.Run;
            case 5: return &GemmTileTall<TSimd, TVector, Five, TColumns>.Run;
            case 6: return &GemmTileTall<TSimd, TVector, Six, TColumns>.Run;
            case 7: return &GemmTileTall<TSimd, TVector, Seven, TColumns>.Run;
            case 8: return &GemmTileTall<TSimd, TVector, Eight, TColumns>.Run;
            case 9: return &GemmTileTall<TSimd, TVector, Nine, TColumns>.Run;
            case 10: return &GemmTileTall<TSimd, TVector, Ten, TColumns>.Run;
            case 11: return &GemmTileTall<TSimd, TVector, Eleven, TColumns>.Run;
            case 12: return &GemmTileTall<TSimd, TVector, Twelve, TColumns>.Run;
            case 13: return &GemmTileTall<TSimd, TVector, Thirteen, TColumns>.Run;
            default: return &GemmTileTall<TSimd, TVector, Fourteen, TColumns>.Run;
        }
    }

    private static delegate*<GemmTileCall*, void> Wide<TColumns, TDuty>(int rows)
        where TColumns : unmanaged, ITileSize
        where TDuty : unmanaged, ITileDuty
    {
        switch (rows)
        {
            case 1: return &GemmTileWide<TSimd, TVector, One, TColumns, TDuty>.Run;
            case 2: return &GemmTileWide<TSimd, TVector, Two, TColumns, TDuty>.Run;
            case 3: return &GemmTileWide<TSimd, TVector, Three, TColumns, TDuty>.Run;
            case 4: return &GemmTileWide<TSimd, TVector, Four, TColumns, TDuty>.Run;
            case 5: return &GemmTileWide<TSimd, TVector, Five, TColumns, TDuty>.Run;
            case 6: return &GemmTileWide<TSimd, TVector, Six, TColumns, TDuty>.Run;
            case 7: return &GemmTileWide<TSimd, TVector, Seven, TColumns, TDuty>.Run;
            case 8: return &GemmTileWide<TSimd, TVector, Eight, TColumns, TDuty>.Run;
            default: return &GemmTileWide<TSimd, TVector, Nine, TColumns, TDuty>.Run;
        }
    }
}
