using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FlatFuse.Models;

/// <summary>
/// The container of a saved model: a zip of stored entries with fixed dates, so that the same model gives the same bytes.
/// <c>manifest.json</c> holds every entry's SHA-256; the archive's comment holds that of all bytes before it, so that a file
/// that was cut or changed anywhere is refused before anything is read from it.
/// </summary>
internal static class ModelArchive
{
    private const string Manifest = "manifest.json";
    private const string Format = "flatfuse-model";
    private const int Version = 1;
    private const string SealPrefix = "sha256:";
    private const int SealLength = 7 + 64;

    // The first moment that a zip entry can name.
    private static readonly DateTimeOffset FixedDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a file beside <paramref name="path"/>, flushes it to the disk and puts it in place.</summary>
    /// <param name="path">The target; replaced if it is there.</param>
    /// <param name="entries">Names and what writes their content.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Action<Stream> Content)> entries)
        => AtomicFile.Write(path, file =>
        {
            WriteEntries(file, entries);
            Seal(file);
        });

    /// <summary>Opens a file after checking every byte of it.</summary>
    /// <param name="path">A file that <see cref="Write"/> wrote.</param>
    /// <returns>The archive, to be disposed.</returns>
    /// <exception cref="InvalidDataException">It was cut or changed, or is no such file.</exception>
    public static ZipArchive Open(string path)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            CheckSeal(path, file);
            file.Position = 0;
            var archive = new ZipArchive(file, ZipArchiveMode.Read);
            CheckManifest(path, JsonText.Read(Read(archive, Manifest), Manifest), name => archive.GetEntry(name)?.Open());
            return archive;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>An entry's bytes.</summary>
    /// <param name="archive">An open archive.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="InvalidDataException">There is no such entry.</exception>
    public static byte[] Read(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new InvalidDataException($"The model file has no {name}.");
        byte[] bytes = new byte[checked((int)entry.Length)];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteEntries(FileStream file, IReadOnlyList<(string Name, Action<Stream> Content)> entries)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        archive.Comment = SealPrefix + new string('0', SealLength - SealPrefix.Length);
        var digests = new JsonObject();
        foreach ((string name, Action<Stream> content) in entries)
            digests[name] = WriteEntry(archive, name, content);
        var manifest = new JsonObject { ["format"] = Format, ["version"] = Version, ["sha256"] = digests };
        WriteEntry(archive, Manifest, stream => JsonText.Write(stream, manifest));
    }

    private static string WriteEntry(ZipArchive archive, string name, Action<Stream> content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = FixedDate;
        entry.ExternalAttributes = 0;
        using Stream stream = entry.Open();
        using var hashing = new HashingStream(stream);
        content(hashing);
        return hashing.Digest();
    }

    private static void Seal(FileStream file)
    {
        file.Flush();
        byte[] seal = SealOf(file);
        file.Position = file.Length - SealLength;
        file.Write(seal);
    }

    private static void CheckSeal(string path, FileStream file)
    {
        if (file.Length <= SealLength)
            throw Damaged(path);
        byte[] expected = SealOf(file);
        byte[] found = new byte[SealLength];
        file.ReadExactly(found);
        if (!found.AsSpan().SequenceEqual(expected))
            throw Damaged(path);
    }

    // Reads up to the seal and leaves the position there.
    private static byte[] SealOf(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        file.Position = 0;
        for (long left = file.Length - SealLength; left > 0;)
        {
            int part = (int)Math.Min(left, buffer.Length);
            file.ReadExactly(buffer, 0, part);
            hash.AppendData(buffer, 0, part);
            left -= part;
        }
        return Encoding.ASCII.GetBytes(SealPrefix + HexText.Of(hash.GetHashAndReset()));
    }

    /// <summary>Checks kind, version and every entry's sum.</summary>
    /// <param name="path">The file, for the error.</param>
    /// <param name="manifest">What <c>manifest.json</c> holds.</param>
    /// <param name="open">Opens an entry; null when there is none.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    internal static void CheckManifest(string path, JsonNode manifest, Func<string, Stream?> open)
    {
        if (manifest is not JsonObject || Text(manifest["format"]) != Format || manifest["sha256"] is not JsonObject digests)
            throw new InvalidDataException($"{path} is a zip, but its manifest is not that of a FlatFuse model.");
        if (manifest["version"] is not JsonValue version || !version.TryGetValue(out int number) || number != Version)
            throw new InvalidDataException($"{path} has format version {manifest["version"]}; this library reads version {Version}. Update FlatFuse.");
        foreach ((string name, JsonNode? digest) in digests)
        {
            using Stream stream = open(name) ?? throw Damaged(path);
            if (HexText.Of(SHA256.HashData(stream)) != Text(digest))
                throw Damaged(path);
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static InvalidDataException Damaged(string path)
        => new($"{path} is no intact FlatFuse model: it was cut, changed after saving, or is another kind of file. Nothing was loaded; save the model again, or take a copy.");
}
