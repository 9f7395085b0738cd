using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <inheritdoc/>
/// <typeparam name="T">The managed type.</typeparam>
internal sealed class ElementKind<T>(string npy, string safetensors, byte idx)
    : ElementKind(typeof(T), Unsafe.SizeOf<T>(), npy, safetensors, idx)
    where T : unmanaged
{
    // Elements asked from the stream at a time. Where the stream's length is unknown the array grows with what really
    // arrives, so that a header which lies about the size cannot claim gigabytes.
    private const int Portion = 256 * 1024;

    public override Tensor Read(Stream stream, int[] shape, bool bigEndian, string what)
    {
        int count = Shapes.Count(shape);
        long expected = (long)count * Bytes;
        if (stream.CanSeek && stream.Length - stream.Position < expected)
            throw TooShort(what, shape, expected, stream.Length - stream.Position);
        T[] elements = new T[stream.CanSeek ? count : Math.Min(count, Portion)];
        for (int filled = 0; filled < count;)
        {
            if (filled == elements.Length)
                Array.Resize(ref elements, (int)Math.Min(count, 2L * filled));
            int portion = Math.Min(Portion, elements.Length - filled);
            Span<byte> target = MemoryMarshal.AsBytes(elements.AsSpan(filled, portion));
            int got = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            if (got < target.Length)
                throw TooShort(what, shape, expected, (long)filled * Bytes + got);
            filled += portion;
        }
        Normalize(elements, bigEndian);
        return new Tensor<T>(elements, new Layout(shape));
    }

    public override void Write(Stream stream, Tensor tensor)
    {
        var typed = (Tensor<T>)tensor;
        ReadOnlySpan<T> elements = typed.IsContiguous ? typed.AsSpan() : typed.ToArray();
        Span<T> swapped = BitConverter.IsLittleEndian ? [] : new T[Math.Min(Portion, elements.Length)];
        for (; elements.Length > 0; elements = elements[Math.Min(Portion, elements.Length)..])
        {
            ReadOnlySpan<T> portion = elements[..Math.Min(Portion, elements.Length)];
            if (!BitConverter.IsLittleEndian)
            {
                portion.CopyTo(swapped);
                portion = swapped[..portion.Length];
                SwapBytes(MemoryMarshal.AsBytes(swapped[..portion.Length]));
            }
            stream.Write(MemoryMarshal.AsBytes(portion));
        }
    }

    public override Tensor Transposed(Tensor tensor) => ((Tensor<T>)tensor).Transpose().Clone();

    private void Normalize(T[] elements, bool bigEndian)
    {
        if (bigEndian == BitConverter.IsLittleEndian && Bytes > 1)
        {
            for (int start = 0; start < elements.Length; start += Portion)
                SwapBytes(MemoryMarshal.AsBytes(elements.AsSpan(start, Math.Min(Portion, elements.Length - start))));
        }
        // A bool of any other bit pattern than 0 and 1 would compare unequal to true.
        if (typeof(T) == typeof(bool))
        {
            foreach (ref byte value in MemoryMarshal.AsBytes(elements.AsSpan()))
                value = value == 0 ? (byte)0 : (byte)1;
        }
    }

    private void SwapBytes(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i += Bytes)
            bytes.Slice(i, Bytes).Reverse();
    }

    private static InvalidDataException TooShort(string what, int[] shape, long expected, long came)
        => new($"{what}: shape {Shapes.Format(shape)} needs {expected} bytes of elements, but only {came} came; the file is cut short or altered.");
}
