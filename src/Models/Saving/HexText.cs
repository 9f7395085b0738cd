namespace FlatFuse.Models;

/// <summary>
/// Bytes as lower-case hexadecimal. <see cref="Convert.ToHexStringLower(byte[])"/> writes the same, but with vector code that is compiled at its first use: 2 ms of
/// the time in which a process loads its first model.
/// </summary>
internal static class HexText
{
    /// <summary>Two digits a byte.</summary>
    public static string Of(byte[] bytes)
    {
        const string Digits = "0123456789abcdef";
        char[] text = new char[2 * bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Digits[bytes[i] >> 4];
            text[(2 * i) + 1] = Digits[bytes[i] & 15];
        }
        return new string(text);
    }
}
