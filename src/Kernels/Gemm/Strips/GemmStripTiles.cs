namespace FlatFuse.Kernels;

/// <summary>The strip of tiles of a height and width, as a pointer to the method compiled for it (when it is first called).</summary>
internal static unsafe class GemmStripTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static delegate*<GemmStripCall*, void> Of(int rows, int vectors) => vectors switch
    {
        1 => Rows<One>(rows),
        2 => Rows<Two>(rows),
        3 => Rows<Three>(rows),
        _ => Rows<Four>(rows),
    };

    private static delegate*<GemmStripCall*, void> Rows<TColumns>(int rows)
        where TColumns : unmanaged, ITileSize
    {
        switch (rows)
        {
            case 1: return &GemmStripTile<TSimd, TVector, One, TColumns>.Run;
            case 2: return &GemmStripTile<TSimd, TVector, Two, TColumns>.Run;
            case 3: return &GemmStripTile<TSimd, TVector, Three, TColumns>.Run;
            case 4: return &GemmStripTile<TSimd, TVector, Four, TColumns>.Run;
            case 5: return &GemmStripTile<TSimd, TVector, Five, TColumns>.Run;
            case 6: return &GemmStripTile<TSimd, TVector, Six, TColumns>.Run;
            case 7: return &GemmStripTile<TSimd, TVector, Seven, TColumns>.Run;
            case 8: return &GemmStripTile<TSimd, TVector, Eight, TColumns>.Run;
            case 9: return &GemmStripTile<TSimd, TVector, Nine, TColumns>.Run;
            case 10: return &GemmStripTile<TSimd, TVector, Ten, TColumns>.Run;
            case 11: return &GemmStripTile<TSimd, TVector, Eleven, TColumns>.Run;
            case 12: return &GemmStripTile<TSimd, TVector, Twelve, TColumns>.Run;
            case 13: return &GemmStripTile<TSimd, TVector, Thirteen, TColumns>.Run;
            default: return &GemmStripTile<TSimd, TVector, Fourteen, TColumns>.Run;
        }
    }
}
