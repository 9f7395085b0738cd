using System.Runtime.InteropServices;

namespace FlatFuse.Tensors;

public abstract partial class Tensor
{
    /// <summary>A tensor of zeros in memory of its own.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">Sizes.</param>
    public static Tensor<T> Zeros<T>(params ReadOnlySpan<int> shape)
        where T : unmanaged
        => new(new T[Shapes.Count(shape)], new Layout(shape));

    /// <summary>A tensor of one value in memory of its own.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="value">The value of every element.</param>
    /// <param name="shape">Sizes.</param>
    public static Tensor<T> Full<T>(T value, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        T[] storage = GC.AllocateUninitializedArray<T>(Shapes.Count(shape));
        Array.Fill(storage, value);
        return new Tensor<T>(storage, new Layout(shape));
    }

    /// <summary>Copies <paramref name="values"/>, row-major, into a new tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <exception cref="ArgumentException">The product differs from the number of values.</exception>
    public static Tensor<T> From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
        => Shapes.Count(shape) == values.Length
            ? new Tensor<T>(values.ToArray(), new Layout(shape))
            : throw new ArgumentException($"Tensor.From: {values.Length} values do not fill shape {Shapes.Format(shape)}, which has {Shapes.Count(shape)} elements.", nameof(shape));

    /// <summary>Copies a vector, shape (n).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(ReadOnlySpan<T> values)
        where T : unmanaged
        => new(values.ToArray(), new Layout([values.Length]));

    /// <summary>Copies a vector, shape (n).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(T[] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return From((ReadOnlySpan<T>)values);
    }

    /// <summary>Copies a table, shape (rows, columns).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(T[,] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromArray<T>(values);
    }

    /// <summary>Copies a block of rank 3.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(T[,,] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromArray<T>(values);
    }

    /// <summary>Copies a block of rank 4.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(T[,,,] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromArray<T>(values);
    }

    /// <summary>Copies rows of equal length, shape (rows, columns).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows have different lengths.</exception>
    public static Tensor<T> From<T>(T[][] rows)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(rows);
        int columns = rows.Length == 0 ? 0 : rows[0].Length;
        Tensor<T> table = Zeros<T>(rows.Length, columns);
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length != columns)
                throw new ArgumentException($"Tensor.From: row {row} has {rows[row].Length} values, row 0 has {columns}; expected rows of one length. Pad the shorter ones.", nameof(rows));
            rows[row].CopyTo(table.AsSpan()[(row * columns)..]);
        }
        return table;
    }

    private static Tensor<T> FromArray<T>(Array values)
        where T : unmanaged
    {
        var shape = new int[values.Rank];
        for (int axis = 0; axis < shape.Length; axis++)
            shape[axis] = values.GetLength(axis);
        Tensor<T> tensor = Zeros<T>(shape);
        if (tensor.Count > 0)
            MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), tensor.Count).CopyTo(tensor.AsSpan());
        return tensor;
    }
}
