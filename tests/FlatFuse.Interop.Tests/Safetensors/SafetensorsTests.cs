using System.Text;
using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

public sealed class SafetensorsTests
{
    private const string One = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    [Fact]
    public void Every_tensor_and_text_comes_back()
    {
        NamedTensors all = SampleTensors.All();
        all.Metadata["made by"] = "a test, with \"quotes\" and ü";
        byte[] bytes = Write(all);
        foreach (Stream stream in new Stream[] { new MemoryStream(bytes), new OneWayStream(bytes) })
        {
            NamedTensors read = Safetensors.Read(stream);
            Assert.Equal(all.Count, read.Count);
            Assert.Equal(all.Metadata, read.Metadata);
            foreach ((string name, Tensor tensor) in all)
                SampleTensors.AssertEqual(tensor, read[name]);
        }
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        byte[] bytes = Write(new NamedTensors { ["a"] = Tensor.From([1f, 2f]) });
        string header = One.PadRight(56);
        Assert.Equal([56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], bytes);
    }

    [Fact]
    public void The_order_of_adding_does_not_change_a_byte()
    {
        NamedTensors all = SampleTensors.All();
        (all.Metadata["a"], all.Metadata["b"]) = ("1", "2");
        var reversed = new NamedTensors();
        foreach (string name in all.Keys.Reverse())
            reversed.Add(name, all[name]);
        (reversed.Metadata["b"], reversed.Metadata["a"]) = ("2", "1");
        Assert.Equal(Write(all), Write(reversed));
    }

    [Fact]
    public void Every_tensor_starts_at_a_multiple_of_its_element_size()
    {
        foreach (SafetensorsEntry entry in SafetensorsEntry.Arrange(SampleTensors.All()))
            Assert.Equal(0, entry.Begin % entry.Kind.Bytes);
    }

    [Fact]
    public void A_file_cut_anywhere_or_with_a_byte_too_many_is_refused()
    {
        byte[] whole = Write(new NamedTensors { ["a"] = Tensor.From([1f, 2f]), ["b"] = Tensor.From<byte>([1, 2, 3]) });
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(whole, 0, length)));
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(new OneWayStream(whole[..length])));
        }
        Assert.Contains("cut short or altered", Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream([.. whole, 0]))).Message);
        Assert.Contains("more bytes follow", Assert.Throws<InvalidDataException>(() => Safetensors.Read(new OneWayStream([.. whole, 0]))).Message);
    }

    [Theory]
    [InlineData(0UL, "claims 0")]
    [InlineData(1UL, "claims 1")]
    [InlineData(100_000_001UL, "expected 2")]
    [InlineData(ulong.MaxValue, "expected 2")]
    [InlineData(1000UL, "only 62 follow")]
    public void A_header_length_that_cannot_be_is_refused(ulong length, string message)
    {
        byte[] bytes = [.. BitConverter.GetBytes(length), .. Encoding.UTF8.GetBytes(One), .. new byte[8]];
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes))).Message);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "without gaps or overlaps")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[6,8]}}", "without gaps or overlaps")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "without gaps or overlaps")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "describes 12 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "describes 4 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "needs 12 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", "two numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "negative size")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,8]}}", "more than 2147483647")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967298],\"data_offsets\":[0,8]}}", "not understood")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "not understood")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}", "not understood")]
    [InlineData("{\"a\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}}", "'BF16'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "expected the fields")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", "'x' is unknown")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "'a' stands twice")]
    [InlineData("{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not understood")]
    [InlineData("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "'k' stands twice")]
    [InlineData("{\"a\":[1]}", "not understood")]
    [InlineData("{\"a\":", "not understood")]
    [InlineData("{} {}", "not understood")]
    [InlineData(" {}", "starts with the byte 20")]
    [InlineData("[]", "starts with the byte 5B")]
    public void A_header_that_contradicts_itself_is_refused(string header, string message)
    {
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[8]];
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void A_tensor_cannot_take_the_name_of_the_texts_and_leaves_the_old_file_alone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        Safetensors.Write(path, new NamedTensors { ["a"] = Tensor.From([1f]) });
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, new NamedTensors { ["__metadata__"] = Tensor.From([1f]) }));
        Assert.Throws<NotSupportedException>(() => Safetensors.Write(path, new NamedTensors { ["a"] = Tensor.From(['a']) }));
        Assert.Equal([1f], Safetensors.Read(path).Get<float>("a").ToArray());
    }

    private static byte[] Write(NamedTensors tensors)
    {
        var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);
        return stream.ToArray();
    }
}
