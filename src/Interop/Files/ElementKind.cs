using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>An element type as the file formats know it: its names there, and how its bytes become a tensor and back.</summary>
/// <param name="type">The managed type.</param>
/// <param name="bytes">Bytes an element.</param>
/// <param name="npy">NumPy's code without the byte order, such as <c>f4</c>.</param>
/// <param name="safetensors">The name in a safetensors header.</param>
/// <param name="idx">The type byte in an IDX file, 0 for none.</param>
internal abstract class ElementKind(Type type, int bytes, string npy, string safetensors, byte idx)
{
    /// <summary>Every element type that files can hold.</summary>
    public static readonly ElementKind[] All =
    [
        new ElementKind<float>("f4", "F32", 0x0D),
        new ElementKind<double>("f8", "F64", 0x0E),
        new ElementKind<Half>("f2", "F16", 0),
        new ElementKind<sbyte>("i1", "I8", 0x09),
        new ElementKind<short>("i2", "I16", 0x0B),
        new ElementKind<int>("i4", "I32", 0x0C),
        new ElementKind<long>("i8", "I64", 0),
        new ElementKind<byte>("u1", "U8", 0x08),
        new ElementKind<ushort>("u2", "U16", 0),
        new ElementKind<uint>("u4", "U32", 0),
        new ElementKind<ulong>("u8", "U64", 0),
        new ElementKind<bool>("b1", "BOOL", 0),
    ];

    /// <summary>The managed type.</summary>
    public Type Type { get; } = type;

    /// <summary>Bytes an element.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>NumPy's code without the byte order.</summary>
    public string Npy { get; } = npy;

    /// <summary>The name in a safetensors header.</summary>
    public string Safetensors { get; } = safetensors;

    /// <summary>The type byte in an IDX file, 0 for none.</summary>
    public byte Idx { get; } = idx;

    /// <summary>The kind of a tensor's elements.</summary>
    /// <exception cref="NotSupportedException">No file format here can hold them.</exception>
    public static ElementKind Of(Tensor tensor)
    {
        foreach (ElementKind kind in All)
        {
            if (kind.Type == tensor.ElementType)
                return kind;
        }
        throw new NotSupportedException($"A tensor of {tensor.ElementType.Name} cannot be written; expected float, double, Half, bool or a whole-number type up to 64 bits.");
    }

    /// <summary>Reads a contiguous tensor of this kind.</summary>
    /// <param name="stream">Positioned at the first element.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bigEndian">The file's byte order.</param>
    /// <param name="what">What is read, for messages.</param>
    /// <exception cref="InvalidDataException">The stream ends too early.</exception>
    public abstract Tensor Read(Stream stream, int[] shape, bool bigEndian, string what);

    /// <summary>Writes the elements in row-major order, little endian.</summary>
    public abstract void Write(Stream stream, Tensor tensor);

    /// <summary>The tensor with its axes reversed, contiguous: how a Fortran-ordered file becomes a row-major tensor.</summary>
    public abstract Tensor Transposed(Tensor tensor);
}
