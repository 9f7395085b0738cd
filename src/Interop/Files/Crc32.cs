namespace FlatFuse.Interop;

/// <summary>The checksum of zip files (ISO 3309, reflected polynomial EDB88320), which the base library's zip reader does not verify.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = CreateTable();

    /// <summary>Continues a checksum; start with 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        uint state = ~checksum;
        foreach (byte value in bytes)
            state = table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
