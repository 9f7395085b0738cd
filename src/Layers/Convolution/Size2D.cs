using System.Globalization;

namespace FlatFuse.Layers;

/// <summary>A size along rows and columns: <c>(3, 2)</c>, or one number for both.</summary>
/// <param name="Rows">Along the rows.</param>
/// <param name="Columns">Along the columns.</param>
public readonly record struct Size2D(int Rows, int Columns)
{
    /// <summary>The same size along both.</summary>
    /// <param name="size">Rows and columns.</param>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>A size of its own along each.</summary>
    /// <param name="size">Rows, columns.</param>
    public static implicit operator Size2D((int Rows, int Columns) size) => new(size.Rows, size.Columns);

    /// <summary>As kernels take it.</summary>
    internal (int Rows, int Columns) Pair => (Rows, Columns);

    internal bool IsOne => Rows == 1 && Columns == 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Rows}, {Columns})");
}
