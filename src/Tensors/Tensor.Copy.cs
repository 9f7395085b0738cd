namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A contiguous copy in memory of its own: keeps the values of a tensor that belongs to a training step.</summary>
    public override Tensor<T> Clone() => new(ToArray(), new Layout(Shape));

    /// <summary>The elements in row-major order, in a new array.</summary>
    public T[] ToArray()
    {
        T[] copy = GC.AllocateUninitializedArray<T>(Count);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Writes the elements in row-major order.</summary>
    /// <param name="destination">At least <see cref="Tensor.Count"/> elements; may lie in this tensor's storage.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Count)
            throw new ArgumentException($"CopyTo: {Count} elements do not fit into a span of {destination.Length}.", nameof(destination));
        if (IsContiguous)
            AsSpan().CopyTo(destination);
        else if (destination.Overlaps(_storage))
            Clone().CopyTo(destination);
        else
            CopyRuns(destination);
    }

    /// <summary>Overwrites this tensor, whatever its layout, with the values of another.</summary>
    /// <param name="source">A tensor whose shape is, or broadcasts to, this one's; may share this tensor's storage.</param>
    /// <exception cref="ArgumentException">The shape does not broadcast to this one's.</exception>
    /// <exception cref="InvalidOperationException">This tensor is a broadcast view, where one element stands at several indices.</exception>
    public void CopyFrom(Tensor<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckWritable("CopyFrom");
        if (!Broadcasting.Fits(source.Shape, Shape))
            throw new ArgumentException($"CopyFrom: a source of shape {Shapes.Format(source.Shape)} does not fit into shape {Shapes.Format(Shape)}.", nameof(source));
        // The same storage may be read after it was written (a flip copied onto itself): go through a copy.
        Tensor<T> from = (ReferenceEquals(source._storage, _storage) ? source.Clone() : source).BroadcastTo(Shape);
        if (IsContiguous)
        {
            from.CopyTo(AsSpan());
            return;
        }
        var walk = new StridedWalk(Layout, from.Layout);
        while (walk.MoveNext())
        {
            for (int i = 0, to = walk.First, at = walk.Second; i < walk.RunLength; i++, to += walk.FirstStride, at += walk.SecondStride)
                _storage[to] = from._storage[at];
        }
    }

    /// <summary>Overwrites every element with one value.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="InvalidOperationException">This tensor is a broadcast view, where one element stands at several indices.</exception>
    public void Fill(T value)
    {
        CheckWritable("Fill");
        var walk = new StridedWalk(Layout);
        while (walk.MoveNext())
        {
            if (walk.FirstStride == 1)
            {
                _storage.AsSpan(walk.First, walk.RunLength).Fill(value);
                continue;
            }
            for (int i = 0, to = walk.First; i < walk.RunLength; i++, to += walk.FirstStride)
                _storage[to] = value;
        }
    }

    private void CopyRuns(Span<T> destination)
    {
        var walk = new StridedWalk(Layout);
        int length = walk.RunLength, stride = walk.FirstStride;
        while (walk.MoveNext())
        {
            Span<T> run = destination[..length];
            if (stride == 1)
            {
                _storage.AsSpan(walk.First, length).CopyTo(run);
            }
            else if (stride == 0)
            {
                run.Fill(_storage[walk.First]);
            }
            else
            {
                for (int i = 0, at = walk.First; i < run.Length; i++, at += stride)
                    run[i] = _storage[at];
            }
            destination = destination[length..];
        }
    }

    private void CheckWritable(string operation)
    {
        if (Layout.IsBroadcast)
            throw new InvalidOperationException($"{operation}: a broadcast view of shape {Shapes.Format(Shape)} holds one element at several indices and cannot be written; Clone() it first.");
    }
}
