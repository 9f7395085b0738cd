using System.Security.Cryptography;

namespace FlatFuse.Models;

/// <summary>Passes writes on and hashes what went through.</summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException("This stream only goes forward.");
    }

    /// <summary>The SHA-256 of everything written, in lower-case hexadecimal.</summary>
    public string Digest() => HexText.Of(_hash.GetHashAndReset());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _hash.AppendData(buffer);
        _written += buffer.Length;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream only writes.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream only goes forward.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream only goes forward.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
