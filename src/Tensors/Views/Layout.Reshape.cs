namespace FlatFuse.Tensors;

public sealed partial class Layout
{
    /// <summary>
    /// The layout that shows the same elements, in the same row-major order, under another shape without moving any; null
    /// where only a copy can. Axes are taken in groups of equal product on both sides, as in
    /// <c>(2, 6) → (2, 2, 3)</c>: a group can be split freely, and merged when its strides follow from one another.
    /// </summary>
    /// <param name="shape">Sizes with the same product.</param>
    internal Layout? TryReshape(int[] shape)
    {
        if (IsContiguous)
            return new Layout(shape, Offset);
        var strides = new int[shape.Length];
        int from = 0, to = 0;
        while (from < Rank || to < shape.Length)
        {
            // One group: [from, fromEnd) of the old axes against [to, toEnd) of the new ones.
            int fromEnd = from, toEnd = to;
            long old = 1, wanted = 1;
            do
            {
                if (old <= wanted && fromEnd < Rank)
                    old *= _shape[fromEnd++];
                else
                    wanted *= shape[toEnd++];
            }
            while (old != wanted);
            if (!MergedStride(from, fromEnd, out long stride))
                return null;
            for (int axis = toEnd - 1; axis >= to; axis--)
            {
                strides[axis] = (int)Math.Clamp(stride, int.MinValue, int.MaxValue);
                stride *= shape[axis];
            }
            (from, to) = (fromEnd, toEnd);
        }
        return new Layout(shape, strides, Offset);
    }

    // The stride of axes [start, end) walked as one: that of the innermost axis, if the others follow from it.
    private bool MergedStride(int start, int end, out long stride)
    {
        stride = 1;
        long expected = 0;
        bool found = false;
        for (int axis = end - 1; axis >= start; axis--)
        {
            if (_shape[axis] == 1)
                continue;
            if (found && _strides[axis] != expected)
                return false;
            if (!found)
                stride = _strides[axis];
            found = true;
            expected = (long)_strides[axis] * _shape[axis];
        }
        return true;
    }
}
