using System.IO.Compression;
using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

public sealed class IdxTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60];

    [Fact]
    public void Plain_and_packed_files_are_read_from_any_stream()
    {
        foreach (byte[] file in new[] { Images, Pack(Images) })
        {
            foreach (Stream stream in new Stream[] { new MemoryStream(file), new OneWayStream(file) })
            {
                var images = (Tensor<byte>)Idx.Read(stream);
                Assert.Equal([2, 1, 3], images.Shape);
                Assert.Equal<byte>([10, 20, 30, 40, 50, 60], images.ToArray());
            }
        }
    }

    [Fact]
    public void Numbers_are_big_endian()
    {
        Assert.Equal([1, -2], ((Tensor<int>)Idx.Read(new MemoryStream([0, 0, 0x0C, 1, 0, 0, 0, 2, 0, 0, 0, 1, 255, 255, 255, 254]))).ToArray());
        Assert.Equal([1f], ((Tensor<float>)Idx.Read(new MemoryStream([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0]))).ToArray());
        Assert.Equal([258], ((Tensor<short>)Idx.Read(new MemoryStream([0, 0, 0x0B, 1, 0, 0, 0, 1, 1, 2]))).ToArray().Select(value => (int)value));
        Assert.Equal<sbyte>([-1], ((Tensor<sbyte>)Idx.Read(new MemoryStream([0, 0, 9, 0, 255]))).ToArray());
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Images.Length; length++)
            Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(Images, 0, length)));
        byte[] packed = Pack(Images);
        for (int length = 0; length < packed.Length; length++)
            Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(packed, 0, length)));
    }

    [Theory]
    [InlineData(0, 1, "first four bytes")]
    [InlineData(1, 1, "first four bytes")]
    [InlineData(2, 0, "first four bytes")]
    [InlineData(2, 7, "first four bytes")]
    [InlineData(3, 200, "first four bytes")]
    [InlineData(4, 128, "negative size")]
    [InlineData(4, 127, "more than")]
    [InlineData(7, 1, "more bytes follow")]
    [InlineData(7, 3, "only 6 came")]
    public void A_head_that_lies_is_refused(int position, byte value, string message)
    {
        byte[] bytes = (byte[])Images.Clone();
        bytes[position] = value;
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void An_altered_packed_file_fails_its_checksum()
    {
        byte[] packed = Pack(Images);
        packed[^8] ^= 1;
        Assert.Throws<InvalidDataException>(() => Idx.Read(new MemoryStream(packed)));
    }

    private static byte[] Pack(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var packer = new GZipStream(stream, CompressionLevel.Fastest))
            packer.Write(bytes);
        return stream.ToArray();
    }
}
