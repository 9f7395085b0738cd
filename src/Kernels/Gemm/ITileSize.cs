namespace FlatFuse.Kernels;

/// <summary>A tile's height or width as a type: the JIT drops the rows and vectors beyond it.</summary>
internal interface ITileSize
{
    static abstract int Count { get; }
}

internal readonly struct One : ITileSize
{
    public static int Count => 1;
}

internal readonly struct Two : ITileSize
{
    public static int Count => 2;
}

internal readonly struct Three : ITileSize
{
    public static int Count => 3;
}

internal readonly struct Four : ITileSize
{
    public static int Count => 4;
}

internal readonly struct Five : ITileSize
{
    public static int Count => 5;
}

internal readonly struct Six : ITileSize
{
    public static int Count => 6;
}

internal readonly struct Seven : ITileSize
{
    public static int Count => 7;
}

internal readonly struct Eight : ITileSize
{
    public static int Count => 8;
}

internal readonly struct Nine : ITileSize
{
    public static int Count => 9;
}

internal readonly struct Ten : ITileSize
{
    public static int Count => 10;
}

internal readonly struct Eleven : ITileSize
{
    public static int Count => 11;
}

internal readonly struct Twelve : ITileSize
{
    public static int Count => 12;
}

internal readonly struct Thirteen : ITileSize
{
    public static int Count => 13;
}

internal readonly struct Fourteen : ITileSize
{
    public static int Count => 14;
}
