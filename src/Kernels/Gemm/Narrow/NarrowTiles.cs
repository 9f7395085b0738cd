namespace FlatFuse.Kernels;

/// <summary>The tiles of narrow products by their sizes, 1 to 4 each way.</summary>
internal static unsafe class NarrowTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows of A (of the long operand) that a tile takes at a time.</summary>
    public static int Rows => TSimd.Registers >= 32 ? 4 : 2;

    /// <summary>Columns of a tile: up to 4, cut evenly, so that 5 are 3 and 2.</summary>
    public static int Columns(int columns)
    {
        int groups = (columns + 3) / 4;
        return (columns + groups - 1) / groups;
    }

    public static delegate*<float*, nint, float*, nint, int, float*, nint, bool, int, void> Dots(int rows, int columns) => rows switch
    {
        1 => Dots<One>(columns),
        2 => Dots<Two>(columns),
        3 => Dots<Three>(columns),
        _ => Dots<Four>(columns),
    };

    private static delegate*<float*, nint, float*, nint, int, float*, nint, bool, int, void> Dots<TRows>(int columns)
        where TRows : unmanaged, ITileSize
        => columns switch
        {
            1 => &NarrowDots<TSimd, TVector, TRows, One>.Run,
            2 => &NarrowDots<TSimd, TVector, TRows, Two>.Run,
            3 => &NarrowDots<TSimd, TVector, TRows, Three>.Run,
            _ => &NarrowDots<TSimd, TVector, TRows, Four>.Run,
        };
}
