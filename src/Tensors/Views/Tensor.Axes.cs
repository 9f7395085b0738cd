namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A view without axes of size 1.</summary>
    /// <param name="axis">The axis to drop (a negative one counts from the end), or null for all of size 1.</param>
    /// <exception cref="ArgumentException">The axis has another size than 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public Tensor<T> Squeeze(int? axis = null)
    {
        int only = axis is int given ? Shapes.NormalizeAxis(given, Rank) : -1;
        if (only >= 0 && Shape[only] != 1)
            throw new ArgumentException($"Squeeze: axis {axis} of shape {Shapes.Format(Shape)} has size {Shape[only]}; expected 1.", nameof(axis));
        var shape = new List<int>(Rank);
        var strides = new List<int>(Rank);
        for (int i = 0; i < Rank; i++)
        {
            if (only >= 0 ? i == only : Shape[i] == 1)
                continue;
            shape.Add(Shape[i]);
            strides.Add(Layout.Strides[i]);
        }
        return View(new Layout(shape.ToArray(), strides.ToArray(), Layout.Offset));
    }

    /// <summary>A view with one more axis, of size 1.</summary>
    /// <param name="axis">Its place in the view, 0 … rank; a negative one counts from the end, −1 appends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Tensor<T> ExpandDims(int axis)
    {
        int place = Shapes.NormalizeAxis(axis, Rank + 1);
        var shape = new int[Rank + 1];
        var strides = new int[Rank + 1];
        for (int i = 0, old = 0; i <= Rank; i++)
        {
            shape[i] = i == place ? 1 : Shape[old];
            strides[i] = i == place ? 1 : Layout.Strides[old++];
        }
        return View(new Layout(shape, strides, Layout.Offset));
    }
}
