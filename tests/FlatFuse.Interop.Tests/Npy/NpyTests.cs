using System.Text;
using FlatFuse.Tensors;

namespace FlatFuse.Interop.Tests;

public sealed class NpyTests
{
    [Fact]
    public void Every_element_type_and_layout_comes_back()
    {
        foreach (Tensor tensor in SampleTensors.All().Values)
        {
            var stream = new MemoryStream();
            Npy.Write(stream, tensor);
            SampleTensors.AssertEqual(tensor, Npy.Read(new MemoryStream(stream.ToArray())));
            SampleTensors.AssertEqual(tensor, Npy.Read(new OneWayStream(stream.ToArray())));
        }
    }

    [Fact]
    public void The_bytes_are_those_of_NumPy()
    {
        var stream = new MemoryStream();
        Npy.Write(stream, Tensor.From([1f, 2f, 3f], 3, 1));
        // np.save of np.array([[1], [2], [3]], '<f4'): 10 bytes, 117 of text padded with blanks, a line feed.
        string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }".PadRight(117) + "\n";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(text), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40];
        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [InlineData(1, "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }", new byte[] { 1, 0, 2, 0, 3, 0, 4, 0 }, new short[] { 1, 2, 3, 4 })]
    [InlineData(2, "{'shape': (2,2), 'descr': \"<i2\", 'fortran_order': False}\n", new byte[] { 1, 0, 2, 0, 3, 0, 4, 0 }, new short[] { 1, 2, 3, 4 })]
    [InlineData(3, "{'descr': '<i2', 'fortran_order': True, 'shape': (2L, 2L), }   \n", new byte[] { 1, 0, 2, 0, 3, 0, 4, 0 }, new short[] { 1, 3, 2, 4 })]
    [InlineData(1, "{'descr': '>i2', 'fortran_order': False, 'shape': (2, 2), }", new byte[] { 0, 1, 0, 2, 0, 3, 0, 4 }, new short[] { 1, 2, 3, 4 })]
    public void Headers_of_all_versions_orders_and_spellings_are_read(byte version, string header, byte[] data, short[] expected)
    {
        Tensor tensor = Npy.Read(new MemoryStream(File(version, header, data)));
        Assert.Equal([2, 2], tensor.Shape);
        Assert.Equal(expected, ((Tensor<short>)tensor).AsSpan().ToArray());
    }

    [Fact]
    public void A_fortran_ordered_block_is_turned_into_row_major_order()
    {
        // Column-major (2, 3): element (i, j) is 10 i + j.
        Tensor tensor = Npy.Read(new MemoryStream(File(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [0, 10, 1, 11, 2, 12])));
        Assert.Equal<byte>([0, 1, 2, 10, 11, 12], ((Tensor<byte>)tensor).AsSpan().ToArray());
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", "only 8 came")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647,), }", "needs 8589934588 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }", "more than 2147483647")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "expected a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "expected a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }", "17 axes")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "expected '\"'")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "True or False")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "expected the keys")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "expected the end")]
    [InlineData("{'descr: <f4", "has no end")]
    [InlineData("", "expected '{'")]
    public void A_header_that_lies_or_is_not_understood_is_refused(string header, string message)
    {
        foreach (Stream stream in new Stream[] { new MemoryStream(File(1, header, new byte[8])), new OneWayStream(File(1, header, new byte[8])) })
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Npy.Read(stream)).Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var stream = new MemoryStream();
        Npy.Write(stream, Tensor.From([1f, 2f, 3f]));
        byte[] whole = stream.ToArray();
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => Npy.Read(new MemoryStream(whole, 0, length)));
    }

    [Theory]
    [InlineData(0, 0x92, "npy file")]
    [InlineData(6, 4, "version 4")]
    [InlineData(6, 0, "version 0")]
    [InlineData(9, 0xFF, "at most")]
    public void A_wrong_first_byte_is_named(int position, byte value, string message)
    {
        byte[] bytes = File(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", new byte[4]);
        bytes[position] = value;
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Npy.Read(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void Several_arrays_can_follow_one_another_in_a_stream_but_not_in_a_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("two.npy");
        using (FileStream stream = System.IO.File.Create(path))
        {
            Npy.Write(stream, Tensor.From([1f]));
            Npy.Write(stream, Tensor.From([2]));
        }
        using (FileStream stream = System.IO.File.OpenRead(path))
        {
            Assert.Equal([1f], ((Tensor<float>)Npy.Read(stream)).ToArray());
            Assert.Equal([2], ((Tensor<int>)Npy.Read(stream)).ToArray());
        }
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Npy.Read(path)).Message);
    }

    [Fact]
    public void A_file_of_another_element_type_than_asked_for_is_refused()
    {
        using var folder = new TemporaryFolder();
        Npy.Write(folder.File("a.npy"), Tensor.From([1f, 2f]));
        Assert.Equal([1f, 2f], Npy.Read<float>(folder.File("a.npy")).ToArray());
        Assert.Contains("Single", Assert.Throws<InvalidDataException>(() => Npy.Read<int>(folder.File("a.npy"))).Message);
    }

    [Fact]
    public void A_boolean_byte_beyond_one_is_true()
    {
        Tensor tensor = Npy.Read(new MemoryStream(File(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", [0, 1, 2])));
        Assert.Equal<byte>([0, 1, 1], SampleTensors.Bytes(tensor));
    }

    private static byte[] File(byte version, string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }
}
