namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>
    /// A view of part of every axis: <c>t[1..3, .., ^1]</c>. A range keeps its axis, an index drops it; axes that are not
    /// mentioned stay whole. No element is copied.
    /// </summary>
    /// <param name="slices">At most one an axis, outermost first.</param>
    /// <exception cref="ArgumentException">There are more slices than axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A slice reaches outside its axis.</exception>
    public Tensor<T> this[params ReadOnlySpan<Slice> slices]
    {
        get
        {
            if (slices.Length > Rank)
                throw new ArgumentException($"{slices.Length} slices for a tensor of shape {Shapes.Format(Shape)}; expected at most {Rank}.", nameof(slices));
            int kept = Rank;
            foreach (Slice slice in slices)
                kept -= slice.DropsAxis ? 1 : 0;
            var shape = new int[kept];
            var strides = new int[kept];
            long offset = Layout.Offset;
            for (int axis = 0, view = 0; axis < Rank; axis++)
            {
                Slice slice = axis < slices.Length ? slices[axis] : Slice.All;
                (int start, int length) = ResolveSlice(slice, axis);
                offset += (long)start * Layout.Strides[axis];
                if (slice.DropsAxis)
                    continue;
                shape[view] = length;
                strides[view++] = Layout.Strides[axis];
            }
            // A view without elements may start anywhere, also past the end: Layout puts it at 0.
            return View(new Layout(shape, strides, (int)Math.Clamp(offset, 0, int.MaxValue)));
        }
    }

    /// <summary>A view of <paramref name="count"/> entries of the outermost axis: a batch of rows.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public override Tensor<T> Rows(int start, int count)
    {
        if (Rank == 0)
            throw new InvalidOperationException("Rows: a tensor of shape () has no axis to take rows from.");
        if (start < 0 || count < 0 || start > Shape[0] - count)
            throw new ArgumentOutOfRangeException(nameof(start), $"Rows: {count} from {start} on are outside shape {Shapes.Format(Shape)}, which has {Shape[0]}.");
        int[] shape = Shape.ToArray();
        shape[0] = count;
        return View(new Layout(shape, Layout.Strides.ToArray(), count == 0 ? 0 : Layout.Offset + start * Layout.Strides[0]));
    }

    private Tensor<T> View(Layout layout) => new(_storage, layout);

    private (int Start, int Length) ResolveSlice(Slice slice, int axis)
    {
        try
        {
            return slice.Resolve(Shape[axis]);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ArgumentOutOfRangeException("slices", $"Slice {slice} on axis {axis} is outside shape {Shapes.Format(Shape)}.");
        }
    }
}
