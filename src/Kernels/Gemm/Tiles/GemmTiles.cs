namespace FlatFuse.Kernels;

/// <summary>The tile of a height and width, as a pointer to the method compiled for it (when it is first called).</summary>
internal static unsafe class GemmTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <param name="wide">The family.</param>
    /// <param name="rows">Height.</param>
    /// <param name="vectors">Width.</param>
    /// <param name="inPairs">Two terms a round, for work that is worth compiling it.</param>
    public static delegate*<GemmTileCall*, void> Of(bool wide, int rows, int vectors, bool inPairs)
        => inPairs ? Of<InPairs>(wide, rows, vectors) : Of<SumsOnly>(wide, rows, vectors);

    /// <summary>The same for products that are stored or added to C as they are.</summary>
    public static delegate*<GemmTileCall*, void> WithoutEndings(bool wide, int rows, int vectors, bool inPairs)
        => inPairs ? Of<InPairs>(wide, rows, vectors) : Of<SumsWithoutEndings>(wide, rows, vectors);

    /// <summary>A wide tile of up to three vectors that lays the panel of B it reads down at <see cref="GemmTileCall.Packed"/>.</summary>
    public static delegate*<GemmTileCall*, void> Packing(int rows, int vectors)
        => vectors switch { 1 => Wide<One, Packs>(rows), 2 => Wide<Two, Packs>(rows), 3 => Wide<Three, Packs>(rows), _ => throw TooWide(vectors) };

    /// <summary>A wide tile of up to three vectors that asks meanwhile for the memory at <see cref="GemmTileCall.Fetch"/>.</summary>
    public static delegate*<GemmTileCall*, void> Fetching(int rows, int vectors)
        => vectors switch { 1 => Wide<One, Fetches>(rows), 2 => Wide<Two, Fetches>(rows), 3 => Wide<Three, Fetches>(rows), _ => throw TooWide(vectors) };

    private static ArgumentOutOfRangeException TooWide(int vectors)
        => new(nameof(vectors), vectors, "Tiles with a duty have one to three vectors.");

    private static delegate*<GemmTileCall*, void> Of<TDuty>(bool wide, int rows, int vectors)
        where TDuty : unmanaged, ITileDuty
        => wide
            ? vectors switch { 1 => Wide<One, TDuty>(rows), 2 => Wide<Two, TDuty>(rows), 3 => Wide<Three, TDuty>(rows), _ => Wide<Four, TDuty>(rows) }
            : vectors == 1 ? Tall<One, TDuty>(rows) : Tall<Two, TDuty>(rows);

    private static delegate*<GemmTileCall*, void> Tall<TColumns, TDuty>(int rows)
        where TColumns : unmanaged, ITileSize
        where TDuty : unmanaged, ITileDuty
    {
        switch (rows)
        {
            case 1: return &GemmTileTall<TSimd, TVector, One, TColumns, TDuty>.Run;
            case 2: return &GemmTileTall<TSimd, TVector, Two, TColumns, TDuty>.Run;
            case 3: return &GemmTileTall<TSimd, TVector, Three, TColumns, TDuty>.Run;
            case 4: return &GemmTileTall<TSimd, TVector, Four, TColumns, TDuty>.Run;
            case 5: return &GemmTileTall<TSimd, TVector, Five, TColumns, TDuty>.Run;
            case 6: return &GemmTileTall<TSimd, TVector, Six, TColumns, TDuty>.Run;
            case 7: return &GemmTileTall<TSimd, TVector, Seven, TColumns, TDuty>.Run;
            case 8: return &GemmTileTall<TSimd, TVector, Eight, TColumns, TDuty>.Run;
            case 9: return &GemmTileTall<TSimd, TVector, Nine, TColumns, TDuty>.Run;
            case 10: return &GemmTileTall<TSimd, TVector, Ten, TColumns, TDuty>.Run;
            case 11: return &GemmTileTall<TSimd, TVector, Eleven, TColumns, TDuty>.Run;
            case 12: return &GemmTileTall<TSimd, TVector, Twelve, TColumns, TDuty>.Run;
            case 13: return &GemmTileTall<TSimd, TVector, Thirteen, TColumns, TDuty>.Run;
            default: return &GemmTileTall<TSimd, TVector, Fourteen, TColumns, TDuty>.Run;
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
