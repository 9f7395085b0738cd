using System.Globalization;
using System.Text;

namespace FlatFuse.Tensors;

/// <summary>Arithmetic and spelling of shapes.</summary>
public static class Shapes
{
    /// <summary>The number of elements: the product of all sizes, 1 for a scalar.</summary>
    /// <param name="shape">Sizes, each 0 or more.</param>
    /// <exception cref="ArgumentException">A size is negative.</exception>
    /// <exception cref="OverflowException">The product is beyond 2,147,483,647.</exception>
    public static int Count(ReadOnlySpan<int> shape)
    {
        // An empty shape is empty in whatever order its sizes come: (70000, 70000, 0) is no overflow.
        bool empty = false;
        foreach (int size in shape)
        {
            if (size < 0)
                throw new ArgumentException($"Shape {Format(shape)} has a negative size.", nameof(shape));
            empty |= size == 0;
        }
        if (empty)
            return 0;
        long count = 1;
        foreach (int size in shape)
        {
            count *= size;
            if (count > int.MaxValue)
                throw new OverflowException($"Shape {Format(shape)} has more than {int.MaxValue} elements, the most that one tensor can hold.");
        }
        return (int)count;
    }

    /// <summary>Spells a shape as Keras does: <c>(2, 3)</c>, <c>(5,)</c>, <c>()</c>.</summary>
    /// <param name="shape">Sizes.</param>
    public static string Format(ReadOnlySpan<int> shape)
    {
        var text = new StringBuilder("(");
        for (int i = 0; i < shape.Length; i++)
            text.Append(i > 0 ? ", " : "").Append(shape[i].ToString(CultureInfo.InvariantCulture));
        return text.Append(shape.Length == 1 ? ",)" : ")").ToString();
    }

    /// <summary>Row-major strides, in elements.</summary>
    /// <param name="shape">Sizes.</param>
    public static int[] RowMajorStrides(ReadOnlySpan<int> shape)
    {
        var strides = new int[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            // Only shapes without elements get beyond the range, and their strides are never walked.
            strides[i] = (int)Math.Min(stride, int.MaxValue);
            stride = Math.Min(stride * Math.Max(shape[i], 1), int.MaxValue);
        }
        return strides;
    }

    /// <summary>Counts a negative axis from the end and checks the range.</summary>
    /// <param name="axis">−rank … rank − 1.</param>
    /// <param name="rank">Number of axes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static int NormalizeAxis(int axis, int rank)
        => axis >= -rank && axis < rank
            ? (axis + rank) % rank
            : throw new ArgumentOutOfRangeException(nameof(axis), $"Axis {axis} does not exist in a tensor of rank {rank}; expected {-rank} … {rank - 1}.");

    /// <summary>The index of the element at a row-major position.</summary>
    /// <param name="position">0 … count − 1.</param>
    /// <param name="shape">Sizes.</param>
    public static int[] IndexAt(int position, ReadOnlySpan<int> shape)
    {
        var index = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        return index;
    }
}
