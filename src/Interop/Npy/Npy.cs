using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// NumPy's file of one array (<c>np.save</c>, <c>np.load</c>). Reads versions 1 to 3, both byte orders, C and Fortran order;
/// writes version 1, little endian, C order. Source: numpy.lib.format.
/// </summary>
public static class Npy
{
    /// <summary>Reads an array from a file that holds nothing else.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A contiguous <see cref="Tensor{T}"/> of the file's element type.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, altered or of another format.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Tensor tensor = Read(stream, path);
        FileReading.Nothing(stream, path);
        return tensor;
    }

    /// <summary>Reads one array and leaves the stream behind its last element.</summary>
    /// <param name="stream">Positioned at the array's first byte.</param>
    /// <returns>A contiguous <see cref="Tensor{T}"/> of the file's element type.</returns>
    /// <exception cref="InvalidDataException">The array is cut short, altered or of another format.</exception>
    public static Tensor Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "npy");
    }

    /// <summary>Reads an array of a known element type from a file that holds nothing else.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is cut short, altered, of another format or another element type.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged
    {
        Tensor tensor = Read(path);
        return tensor as Tensor<T> ?? throw new InvalidDataException($"{path}: expected elements of {typeof(T).Name}, the file holds {tensor.ElementType.Name}.");
    }

    /// <summary>Writes an array to a new file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensor">Of any layout.</param>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static void Write(string path, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _ = ElementKind.Of(tensor);
        using FileStream stream = File.Create(path);
        Write(stream, tensor);
    }

    /// <summary>Writes an array.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">Of any layout.</param>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static void Write(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        ElementKind kind = ElementKind.Of(tensor);
        NpyHeader.Write(stream, kind, tensor.Shape);
        kind.Write(stream, tensor);
    }

    internal static Tensor Read(Stream stream, string what)
    {
        NpyHeader header = NpyHeader.Read(stream, what);
        if (!header.FortranOrder)
            return header.Kind.Read(stream, header.Shape, header.BigEndian, what);
        int[] reversed = (int[])header.Shape.Clone();
        Array.Reverse(reversed);
        return header.Kind.Transposed(header.Kind.Read(stream, reversed, header.BigEndian, what));
    }
}
