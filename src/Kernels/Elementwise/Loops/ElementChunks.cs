namespace FlatFuse.Kernels;

/// <summary>
/// How element-wise work is cut: 16,384 floats a chunk (64 KB an operand) of simple arithmetic. That is 1 to 2 µs of work, several times the 0.4 µs
/// that a fork and join costs; shorter calls stay on their thread.
/// </summary>
internal static class ElementChunks
{
    /// <summary>Floats in a chunk.</summary>
    public const int Length = 16_384;

    /// <summary>Floats in a chunk of a function of many instructions (an exponential, a division): also 1 to 2 µs of work.</summary>
    public const int LongFunctionLength = 8_192;

    private const int MostChunks = 32;

    private const int Step = 1_024;

    /// <summary>
    /// Floats in a chunk of a call of one function: <paramref name="least"/>, and more where there would be more than 32 chunks. Claiming one waits until all that
    /// was stored before has left for the caches, and the loads of the next begin cold: with 245 chunks, tanh of a million numbers took 1.3 times as long on two threads.
    /// </summary>
    public static int LengthFor(nint length, int least)
        => (int)Math.Max(least, (length + (MostChunks * Step) - 1) / (MostChunks * Step) * Step);

    /// <summary>Chunks of a call.</summary>
    public static int Count(nint length, int chunkLength = Length) => (int)((length + chunkLength - 1) / chunkLength);

    /// <summary>The first element of a chunk.</summary>
    public static nint Start(int chunk, int chunkLength = Length) => (nint)chunk * chunkLength;

    /// <summary>Elements of a chunk.</summary>
    public static nint LengthOf(int chunk, nint length, int chunkLength = Length) => Math.Min(chunkLength, length - Start(chunk, chunkLength));
}
