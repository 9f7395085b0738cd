using System.IO.Compression;
using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

public sealed class NpzTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_array_comes_back_under_its_name(bool compress)
    {
        NamedTensors all = SampleTensors.All();
        NamedTensors read = Npz.Read(new OneWayStream(Write(all, compress)));
        Assert.Equal(all.Keys, read.Keys);
        foreach ((string name, Tensor tensor) in all)
            SampleTensors.AssertEqual(tensor, read[name]);
    }

    [Fact]
    public void The_same_arrays_give_the_same_bytes() => Assert.Equal(Write(SampleTensors.All(), true), Write(SampleTensors.All(), true));

    [Fact]
    public void An_altered_element_fails_the_checksum()
    {
        byte[] bytes = Write(new NamedTensors { ["a"] = Tensor.Full<byte>(0xAB, 1000) }, compress: false);
        bytes[Array.LastIndexOf(bytes, (byte)0xAB)] ^= 1;
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => Npz.Read(new MemoryStream(bytes))).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cut_archive_is_refused(bool compress)
    {
        byte[] bytes = Write(new NamedTensors { ["a"] = Tensor.From([1f, 2f]), ["b"] = Tensor.From([3f]) }, compress);
        for (int length = 0; length < bytes.Length; length += 5)
            Assert.Throws<InvalidDataException>(() => Npz.Read(new MemoryStream(bytes, 0, length)));
    }

    [Fact]
    public void Entries_that_are_no_arrays_or_stand_twice_are_refused()
    {
        Assert.Contains("readme.txt", Assert.Throws<InvalidDataException>(() => Npz.Read(Archive("readme.txt"))).Message);
        Assert.Contains("twice", Assert.Throws<InvalidDataException>(() => Npz.Read(Archive("a.npy", "a.npy"))).Message);
    }

    [Fact]
    public void Asking_for_the_wrong_name_or_type_says_what_there_is()
    {
        NamedTensors read = Npz.Read(new MemoryStream(Write(SampleTensors.All(), true)));
        Assert.Equal([true, false, true], read.Get<bool>("bool").ToArray());
        Assert.Contains("transposed", Assert.Throws<KeyNotFoundException>(() => read["nothing"]).Message);
        Assert.Contains("Boolean", Assert.Throws<InvalidOperationException>(() => read.Get<float>("bool")).Message);
        Assert.Throws<ArgumentException>(() => read.Add("bool", Tensor.From([1])));
    }

    private static MemoryStream Archive(params string[] names)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in names)
            {
                using Stream content = archive.CreateEntry(name).Open();
                Npy.Write(content, Tensor.From([1f]));
            }
        }
        stream.Position = 0;
        return stream;
    }

    private static byte[] Write(NamedTensors tensors, bool compress)
    {
        var stream = new MemoryStream();
        Npz.Write(stream, tensors, compress);
        return stream.ToArray();
    }
}
