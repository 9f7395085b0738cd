namespace FlatFuse.Kernels;

/// <summary>
/// How element-wise work is cut: 16,384 floats a chunk (64 KB an operand) of simple arithmetic. That is 1 to 2 µs of work, several times the 0.4 µs
/// that a fork and join costs; shorter calls stay on their thread.
/// </summary>
internal static class ElementChunks
{
    /// <summary>Floats in a chunk.</summary>
    public const int Length = 16_384;

    /// <summary>Floats in a chunk of a function of many instructions (an exponential, a division): also about 1 µs of work.</summary>
    public const int LongFunctionLength = 4_096;

    /// <summary>Chunks of a call.</summary>
    public static int Count(nint length, int chunkLength = Length) => (int)((length + chunkLength - 1) / chunkLength);

    /// <summary>The first element of a chunk.</summary>
    public static nint Start(int chunk, int chunkLength = Length) => (nint)chunk * chunkLength;

    /// <summary>Elements of a chunk.</summary>
    public static nint LengthOf(int chunk, nint length, int chunkLength = Length) => Math.Min(chunkLength, length - Start(chunk, chunkLength));
}
