namespace FlatFuse.Interop;

/// <summary>What every reader here does with a stream.</summary>
internal static class FileReading
{
    /// <summary>Fills a buffer.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early.</exception>
    public static void Exactly(Stream stream, Span<byte> buffer, string what)
    {
        int got = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (got < buffer.Length)
            throw new InvalidDataException($"{what}: expected {buffer.Length} bytes, but only {got} came; the file is cut short or of another format.");
    }

    /// <summary>Checks that nothing follows; reading to the end also makes packed streams verify their checksum.</summary>
    /// <exception cref="InvalidDataException">There is more.</exception>
    public static void Nothing(Stream stream, string what)
    {
        Span<byte> more = stackalloc byte[1];
        if (stream.Read(more) > 0)
            throw new InvalidDataException($"{what}: expected the end of the file, but more bytes follow; the file is altered or its header is.");
    }
}
