namespace FlatFuse.Kernels;

/// <summary>Rows cut into the fewest tiles of equal height: the first ones are one row taller than the others when it does not divide.</summary>
internal readonly struct GemmRowTiles
{
    private readonly int _height, _taller;

    public GemmRowTiles(int rows, int mostRows)
    {
        Count = (rows + mostRows - 1) / mostRows;
        _height = Count == 0 ? 0 : rows / Count;
        _taller = rows - (_height * Count);
    }

    public int Count { get; }

    /// <summary>Rows of a tile.</summary>
    public int Height(int tile) => tile < _taller ? _height + 1 : _height;
}
