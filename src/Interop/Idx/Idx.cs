using System.Buffers.Binary;
using System.IO.Compression;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// The IDX format of MNIST and its descendants: two zero bytes, an element type, a rank, big-endian sizes, elements. Files packed with
/// gzip are recognised by their first bytes. Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database.
/// </summary>
public static class Idx
{
    /// <summary>Reads an array, packed or not.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A contiguous tensor: of bytes for images and labels.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, altered or of another format.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads an array, packed or not, to the end of the stream.</summary>
    /// <param name="stream">Positioned at the first byte.</param>
    /// <returns>A contiguous tensor: of bytes for images and labels.</returns>
    /// <exception cref="InvalidDataException">The content is cut short, altered or of another format.</exception>
    public static Tensor Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "idx");
    }

    private static Tensor Read(Stream stream, string what)
    {
        if (!stream.CanSeek)
        {
            // The first two bytes decide, and must then be read again.
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return Read(copy, what);
        }
        Span<byte> head = stackalloc byte[2];
        long start = stream.Position;
        FileReading.Exactly(stream, head, what);
        stream.Position = start;
        if (head is not [0x1F, 0x8B])
            return ReadPlain(stream, what);
        using var unpacked = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        var verified = new ChecksumStream(unpacked);
        Tensor tensor = ReadPlain(verified, what);
        CheckTrailer(stream, verified.Checksum, tensor, what);
        return tensor;
    }

    // The base library verifies the checksum at the end of a gzip file, but does not miss it when the end is cut off.
    private static void CheckTrailer(Stream stream, uint checksum, Tensor tensor, string what)
    {
        Span<byte> trailer = stackalloc byte[8];
        stream.Seek(-trailer.Length, SeekOrigin.End);
        FileReading.Exactly(stream, trailer, what);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (expected != checksum)
            throw new InvalidDataException($"{what}: the file ends with the checksum {expected:X8}, the {tensor.Count} elements give {checksum:X8}; the file is cut short, altered, or packed in several parts.");
    }

    private static Tensor ReadPlain(Stream stream, string what)
    {
        Span<byte> head = stackalloc byte[4];
        FileReading.Exactly(stream, head, what);
        ElementKind? kind = Array.Find(ElementKind.All, Matches(head[2]));
        if (head[0] != 0 || head[1] != 0 || kind is null || head[3] > Layout.MaximumRank)
            throw new InvalidDataException($"{what}: expected the first four bytes 00 00, a type (08, 09, 0B, 0C, 0D, 0E) and a rank up to {Layout.MaximumRank}; received {Convert.ToHexString(head)}.");
        var shape = new int[head[3]];
        Span<byte> size = stackalloc byte[4];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            FileReading.Exactly(stream, size, what);
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(size);
        }
        Tensor tensor = kind.Read(stream, CheckedShape(shape, what), bigEndian: true, what);
        FileReading.Nothing(stream, what);
        return tensor;
    }

    private static Predicate<ElementKind> Matches(byte type) => kind => kind.Idx == type && type != 0;

    private static int[] CheckedShape(int[] shape, string what)
    {
        try
        {
            _ = Shapes.Count(shape);
            return shape;
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{what}: {error.Message}", error);
        }
    }
}
