using System.Runtime.CompilerServices;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// Reads a contiguous source in another order or with repeats (transpose, flip, slice, broadcast) and sends gradients back the
/// same way. Strides are in source elements: signed, 0 to repeat. Made once, when the node is.
/// </summary>
internal sealed class StridedMap
{
    private readonly int[] _sizes;
    private readonly int[] _strides;
    private readonly int _offset;
    private readonly int _count;

    /// <summary>Creates a map.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="strides">One an axis of the result: where the next element lies in the source.</param>
    /// <param name="offset">Where element (0, …, 0) of the result lies in the source.</param>
    public StridedMap(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, int offset = 0)
    {
        _count = Shapes.Count(shape);
        _sizes = shape.Length == 0 ? [1] : shape.ToArray();
        _strides = shape.Length == 0 ? [1] : strides.ToArray();
        _offset = offset;
    }

    /// <summary>Result ← source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ReadOnlySpan<float> source, Span<float> result)
    {
        if (_count == 0)
            return;
        int length = _sizes[^1], stride = _strides[^1], written = 0;
        var walk = new RowWalk(_sizes, _strides, _strides, stackalloc int[_sizes.Length]);
        do
        {
            int start = _offset + walk.First;
            Span<float> row = result.Slice(written, length);
            if (stride == 1)
                source.Slice(start, length).CopyTo(row);
            else if (stride == 0)
                row.Fill(source[start]);
            else
                for (int i = 0; i < row.Length; i++, start += stride)
                    row[i] = source[start];
            written += length;
        }
        while (walk.MoveNext());
    }

    /// <summary>Source gradient ← or += result gradient; an element read several times gets the sum, in the order of reading.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteBack(ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        // Elements that the map never reads have gradient 0, and repeated ones are summed up: both begin from zeros.
        if (!accumulate)
            dx.Clear();
        if (_count == 0)
            return;
        int length = _sizes[^1], stride = _strides[^1], read = 0;
        var walk = new RowWalk(_sizes, _strides, _strides, stackalloc int[_sizes.Length]);
        do
        {
            int start = _offset + walk.First;
            ReadOnlySpan<float> row = dy.Slice(read, length);
            if (stride == 0)
                dx[start] += Sum(row);
            else
                for (int i = 0; i < row.Length; i++, start += stride)
                    dx[start] += row[i];
            read += length;
        }
        while (walk.MoveNext());
    }

    // In double: a bias that is repeated over a million positions keeps its digits.
    private static float Sum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
            sum += value;
        return (float)sum;
    }
}
