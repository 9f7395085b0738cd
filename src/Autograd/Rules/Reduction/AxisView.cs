using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>A shape seen from one axis: (outer, size, inner), and the shape that is left when the axis is reduced.</summary>
internal readonly struct AxisView
{
    public AxisView(ReadOnlySpan<int> shape, int? axis, bool keepDims)
    {
        if (axis is not { } given)
        {
            Outer = Inner = 1;
            Size = Shapes.Count(shape);
            Result = keepDims ? new int[shape.Length] : [];
            Result.AsSpan().Fill(1);
            return;
        }
        int index = Shapes.NormalizeAxis(given, shape.Length);
        Outer = Shapes.Count(shape[..index]);
        Size = shape[index];
        Inner = Shapes.Count(shape[(index + 1)..]);
        Result = keepDims ? [.. shape[..index], 1, .. shape[(index + 1)..]] : [.. shape[..index], .. shape[(index + 1)..]];
    }

    /// <summary>The product of the sizes before the axis.</summary>
    public int Outer { get; }

    /// <summary>The size of the axis; of the whole tensor when all axes are reduced.</summary>
    public int Size { get; }

    /// <summary>The product of the sizes after the axis.</summary>
    public int Inner { get; }

    /// <summary>The shape of the reduced tensor.</summary>
    public int[] Result { get; }
}
