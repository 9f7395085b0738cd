using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// The head of an npy file: the letters <c>\x93NUMPY</c>, a version, a length, and a Python dictionary such as
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c>. Source: numpy.lib.format, versions 1.0–3.0.
/// </summary>
internal readonly struct NpyHeader
{
    // NumPy's own limit for what it parses without being told that the file is trusted.
    private const int LongestText = 10_000;

    private NpyHeader(ElementKind kind, bool bigEndian, bool fortranOrder, int[] shape)
    {
        Kind = kind;
        BigEndian = bigEndian;
        FortranOrder = fortranOrder;
        Shape = shape;
    }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public ElementKind Kind { get; }

    public bool BigEndian { get; }

    public bool FortranOrder { get; }

    public int[] Shape { get; }

    /// <summary>Reads up to the first element.</summary>
    /// <exception cref="InvalidDataException">It is no npy header, or one that is not understood.</exception>
    public static NpyHeader Read(Stream stream, string what)
    {
        Span<byte> head = stackalloc byte[8];
        FileReading.Exactly(stream, head, what);
        if (!head[..6].SequenceEqual(Magic))
            throw new InvalidDataException($"{what}: expected the bytes {Convert.ToHexString(Magic)} of an npy file, received {Convert.ToHexString(head[..6])}.");
        int major = head[6];
        if (major is < 1 or > 3)
            throw new InvalidDataException($"{what}: npy version {major}.{head[7]}; expected 1, 2 or 3.");
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        FileReading.Exactly(stream, length[..(major == 1 ? 2 : 4)], what);
        uint characters = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (characters > LongestText)
            throw new InvalidDataException($"{what}: the header claims {characters} bytes; expected at most {LongestText}.");
        var text = new byte[characters];
        FileReading.Exactly(stream, text, what);
        return Parse((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), what);
    }

    /// <summary>Writes a version 1.0 header whose end lies on a multiple of 64 bytes, as NumPy does.</summary>
    public static void Write(Stream stream, ElementKind kind, ReadOnlySpan<int> shape)
    {
        string order = kind.Bytes == 1 ? "|" : "<";
        string text = $"{{'descr': '{order}{kind.Npy}', 'fortran_order': False, 'shape': {Shapes.Format(shape)}, }}";
        int total = (10 + text.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - 10));
        bytes.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        stream.Write(bytes);
    }

    private static NpyHeader Parse(string text, string what)
    {
        var reader = new PythonLiteral(text, what);
        string? descr = null;
        bool? fortran = null;
        int[]? shape = null;
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            string key = reader.String();
            reader.Expect(':');
            if (key == "descr" && descr is null)
                descr = reader.String();
            else if (key == "fortran_order" && fortran is null)
                fortran = reader.Boolean();
            else if (key == "shape" && shape is null)
                shape = reader.Tuple();
            else
                throw reader.Error($"the key '{key}' is unknown or stands twice");
            if (!reader.Take(','))
            {
                reader.Expect('}');
                break;
            }
        }
        reader.End();
        if (descr is null || fortran is null || shape is null)
            throw reader.Error("expected the keys 'descr', 'fortran_order' and 'shape'");
        CheckShape(shape, what);
        (ElementKind kind, bool bigEndian) = KindOf(descr, what);
        return new NpyHeader(kind, bigEndian, fortran.Value, shape);
    }

    private static (ElementKind Kind, bool BigEndian) KindOf(string descr, string what)
    {
        foreach (ElementKind kind in ElementKind.All)
        {
            // "=" is the byte order of the machine that wrote the file, in practice little endian.
            if (descr.Length == 3 && descr.EndsWith(kind.Npy, StringComparison.Ordinal) && (descr[0] is '<' or '=' or '>' || (descr[0] == '|' && kind.Bytes == 1)))
                return (kind, descr[0] == '>');
        }
        throw new InvalidDataException($"{what}: element type '{descr}'; expected a byte order (<, > or |) and one of {string.Join(", ", Array.ConvertAll(ElementKind.All, kind => kind.Npy))}.");
    }

    private static void CheckShape(int[] shape, string what)
    {
        try
        {
            _ = new Layout(shape);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{what}: {error.Message}"), error);
        }
    }
}
