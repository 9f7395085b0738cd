namespace FlatFuse.Tensors;

public abstract partial class Tensor
{
    /// <summary>Copies tensors one behind the other along an existing axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">One or more, of equal sizes on every other axis.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">There is no tensor, or shapes differ on another axis.</exception>
    public static Tensor<T> Concatenate<T>(IReadOnlyList<Tensor<T>> tensors, int axis = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
            throw new ArgumentException("Concatenate: no tensors were given; expected at least one.", nameof(tensors));
        int joined = Shapes.NormalizeAxis(axis, tensors[0].Rank);
        int[] shape = tensors[0].Shape.ToArray();
        shape[joined] = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            if (!SameExcept(tensors[i].Shape, tensors[0].Shape, joined))
                throw new ArgumentException($"Concatenate: tensor {i} has shape {Shapes.Format(tensors[i].Shape)}, the first one {Shapes.Format(tensors[0].Shape)}; expected equal sizes on every axis but {joined}.", nameof(tensors));
            shape[joined] = checked(shape[joined] + tensors[i].Shape[joined]);
        }
        Tensor<T> result = Zeros<T>(shape);
        var part = new Slice[joined + 1];
        Array.Fill(part, Slice.All);
        int start = 0;
        foreach (Tensor<T> tensor in tensors)
        {
            int end = start + tensor.Shape[joined];
            part[joined] = start..end;
            result[part].CopyFrom(tensor);
            start = end;
        }
        return result;
    }

    /// <summary>Copies tensors of one shape side by side along a new axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensors">One or more, of one shape.</param>
    /// <param name="axis">The new axis's place in the result; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">There is no tensor, or shapes differ.</exception>
    public static Tensor<T> Stack<T>(IReadOnlyList<Tensor<T>> tensors, int axis = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var expanded = new Tensor<T>[tensors.Count];
        for (int i = 0; i < expanded.Length; i++)
        {
            if (!tensors[i].Shape.SequenceEqual(tensors[0].Shape))
                throw new ArgumentException($"Stack: tensor {i} has shape {Shapes.Format(tensors[i].Shape)}, the first one {Shapes.Format(tensors[0].Shape)}; expected one shape.", nameof(tensors));
            expanded[i] = tensors[i].ExpandDims(axis);
        }
        return Concatenate(expanded, axis);
    }

    private static bool SameExcept(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int axis)
        => left.Length == right.Length
            && left[..axis].SequenceEqual(right[..axis])
            && left[(axis + 1)..].SequenceEqual(right[(axis + 1)..]);
}
