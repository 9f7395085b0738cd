namespace FlatFuse.Kernels;

/// <summary>
/// How element-wise work is cut: 16,384 floats a chunk (64 KB an operand). That is 1 to 5 µs of work, several times the 0.4 µs
/// that a fork and join costs; shorter calls stay on their thread.
/// </summary>
internal static class ElementChunks
{
    /// <summary>Floats in a chunk.</summary>
    public const int Length = 16_384;

    /// <summary>Chunks of a call.</summary>
    public static int Count(nint length) => (int)((length + Length - 1) / Length);

    /// <summary>The first element of a chunk.</summary>
    public static nint Start(int chunk) => (nint)chunk * Length;

    /// <summary>Elements of a chunk.</summary>
    public static nint LengthOf(int chunk, nint length) => Math.Min(Length, length - Start(chunk));
}
