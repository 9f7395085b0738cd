namespace FlatFuse.Tensors.Tests;

/// <summary>The definition of every view, as a map from index to value: no strides, no storage. Oracle for <see cref="Tensor{T}"/>.</summary>
internal sealed class NaiveTensor(int[] shape, Func<int[], int> at)
{
    public int[] Shape { get; } = shape;

    public int At(int[] index) => at(index);

    public static NaiveTensor Counting(int[] shape)
        => new(shape, index =>
        {
            int value = 0;
            for (int axis = 0; axis < shape.Length; axis++)
                value = value * shape[axis] + index[axis];
            return value;
        });

    public int[] Values()
    {
        var values = new List<int>();
        foreach (int[] index in Indices(Shape))
            values.Add(at(index));
        return values.ToArray();
    }

    public NaiveTensor Permute(int[] axes)
        => new(Array.ConvertAll(axes, axis => Shape[axis]), index =>
        {
            var source = new int[index.Length];
            for (int i = 0; i < axes.Length; i++)
                source[axes[i]] = index[i];
            return at(source);
        });

    public NaiveTensor Flip(int axis) => new(Shape, index => at(With(index, axis, Shape[axis] - 1 - index[axis])));

    public NaiveTensor Range(int axis, int start, int length) => new(With(Shape, axis, length), index => at(With(index, axis, start + index[axis])));

    public NaiveTensor Pick(int axis, int position) => new(Without(Shape, axis), index => at(Insert(index, axis, position)));

    public NaiveTensor ExpandDims(int axis) => new(Insert(Shape, axis, 1), index => at(Without(index, axis)));

    public NaiveTensor BroadcastTo(int[] shape)
        => new(shape, index =>
        {
            int[] source = index[^Shape.Length..];
            for (int axis = 0; axis < source.Length; axis++)
                source[axis] = Shape[axis] == 1 ? 0 : source[axis];
            return at(source);
        });

    public NaiveTensor Reshape(int[] shape)
    {
        int[] values = Values();
        NaiveTensor positions = Counting(shape);
        return new NaiveTensor(shape, index => values[positions.At(index)]);
    }

    public static IEnumerable<int[]> Indices(int[] shape)
    {
        if (shape.Contains(0))
            yield break;
        int count = shape.Aggregate(1, (product, size) => product * size);
        for (int position = 0; position < count; position++)
        {
            var index = new int[shape.Length];
            for (int axis = shape.Length - 1, left = position; axis >= 0; left /= shape[axis], axis--)
                index[axis] = left % shape[axis];
            yield return index;
        }
    }

    private static int[] With(int[] values, int at, int value)
    {
        int[] copy = (int[])values.Clone();
        copy[at] = value;
        return copy;
    }

    private static int[] Without(int[] values, int at) => [.. values[..at], .. values[(at + 1)..]];

    private static int[] Insert(int[] values, int at, int value) => [.. values[..at], value, .. values[at..]];
}
