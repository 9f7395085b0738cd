using System.Globalization;
using System.Text;

namespace FlatFuse.Tensors;

/// <summary>
/// Writes a tensor for a person: shape and element type, then nested brackets, columns aligned. Beyond
/// <see cref="Limit"/> elements only three entries at each end of an axis are shown, as NumPy does.
/// </summary>
internal static class TensorFormatter
{
    /// <summary>Tensors of more elements are summarised.</summary>
    public const int Limit = 1000;

    private const int Edge = 3;

    public static string Format<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        var text = new StringBuilder($"Tensor {Shapes.Format(tensor.Shape)} {Name(typeof(T))}\n");
        if (tensor.Count == 0)
            return text.Append("[]").ToString();
        var position = new int[tensor.Rank];
        bool summarise = tensor.Count > Limit;
        int width = Width(tensor, position, 0, summarise);
        Write(tensor, position, 0, summarise, width, text);
        return text.ToString();
    }

    /// <summary>NumPy's name of an element type.</summary>
    public static string Name(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Single => "float32",
        TypeCode.Double => "float64",
        TypeCode.SByte => "int8",
        TypeCode.Int16 => "int16",
        TypeCode.Int32 => "int32",
        TypeCode.Int64 => "int64",
        TypeCode.Byte => "uint8",
        TypeCode.UInt16 => "uint16",
        TypeCode.UInt32 => "uint32",
        TypeCode.UInt64 => "uint64",
        TypeCode.Boolean => "bool",
        _ => type == typeof(Half) ? "float16" : type.Name,
    };

    private static void Write<T>(Tensor<T> tensor, int[] position, int axis, bool summarise, int width, StringBuilder text)
        where T : unmanaged
    {
        if (axis == tensor.Rank)
        {
            text.Append(Spell(tensor[position]).PadLeft(width));
            return;
        }
        text.Append('[');
        bool innermost = axis == tensor.Rank - 1;
        // One line break between rows, one more between blocks, as NumPy sets them.
        string between = innermost ? " " : new string('\n', tensor.Rank - 1 - axis) + new string(' ', axis + 1);
        int size = tensor.Shape[axis];
        for (int i = 0; i < size; i++)
        {
            text.Append(i == 0 ? "" : between);
            if (summarise && i == Edge && size > 2 * Edge)
            {
                text.Append('…').Append(between);
                i = size - Edge;
            }
            position[axis] = i;
            Write(tensor, position, axis + 1, summarise, width, text);
        }
        text.Append(']');
    }

    private static int Width<T>(Tensor<T> tensor, int[] position, int axis, bool summarise)
        where T : unmanaged
    {
        if (axis == tensor.Rank)
            return Spell(tensor[position]).Length;
        int width = 0, size = tensor.Shape[axis];
        for (int i = 0; i < size; i++)
        {
            if (summarise && i == Edge && size > 2 * Edge)
                i = size - Edge;
            position[axis] = i;
            width = Math.Max(width, Width(tensor, position, axis + 1, summarise));
        }
        return width;
    }

    private static string Spell<T>(T value)
        where T : unmanaged
        => value switch
        {
            float or double or Half => ((IFormattable)value).ToString("G6", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
