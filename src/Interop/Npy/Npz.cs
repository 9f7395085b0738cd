using System.IO.Compression;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>NumPy's file of several named arrays (<c>np.savez</c>, <c>np.savez_compressed</c>): a zip archive of npy files. Checksums are verified.</summary>
public static class Npz
{
    private const string Extension = ".npy";

    /// <summary>Reads every array of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays under their names, in the file's order.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, altered or of another format.</exception>
    public static NamedTensors Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads every array.</summary>
    /// <param name="stream">The whole archive; one that cannot seek is read into memory first.</param>
    /// <returns>The arrays under their names, in the file's order.</returns>
    /// <exception cref="InvalidDataException">The archive is cut short, altered or of another format.</exception>
    public static NamedTensors Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "npz");
    }

    /// <summary>Writes arrays to a new file; the same arrays give the same bytes.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">Arrays by name, of any layout.</param>
    /// <param name="compress">True to deflate, false to store.</param>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static void Write(string path, NamedTensors tensors, bool compress = true)
    {
        using FileStream stream = File.Create(path);
        Write(stream, tensors, compress);
    }

    /// <summary>Writes arrays; the same arrays give the same bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">Arrays by name, of any layout.</param>
    /// <param name="compress">True to deflate, false to store.</param>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static void Write(Stream stream, NamedTensors tensors, bool compress = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, Tensor tensor) in tensors)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            // The zip format's first day: nothing here reads a clock.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            Npy.Write(content, tensor);
        }
    }

    private static NamedTensors Read(Stream stream, string what)
    {
        var result = new NamedTensors();
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string place = $"{what}, entry '{entry.FullName}'";
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                throw new InvalidDataException($"{place}: expected only entries that end in {Extension}.");
            string name = entry.FullName[..^Extension.Length];
            if (result.ContainsKey(name))
                throw new InvalidDataException($"{place}: the name stands twice in the archive.");
            result.Add(name, ReadEntry(entry, place));
        }
        return result;
    }

    private static Tensor ReadEntry(ZipArchiveEntry entry, string place)
    {
        using Stream content = entry.Open();
        var verified = new ChecksumStream(content);
        Tensor tensor = Npy.Read(verified, place);
        FileReading.Nothing(verified, place);
        return verified.Checksum == entry.Crc32
            ? tensor
            : throw new InvalidDataException($"{place}: expected the checksum {entry.Crc32:X8}, the bytes give {verified.Checksum:X8}; the file is altered.");
    }
}
