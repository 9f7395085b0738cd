namespace FlatFuse.Tensors;

/// <summary>
/// The address of a random stream: numbers are a function of the key and a counter, nothing is advanced, nothing is global.
/// Keys derived from different names or numbers give independent streams.
/// </summary>
/// <param name="Value">64 bits that name the stream.</param>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>The key of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public static RandomKey FromSeed(long seed) => new(Mix((ulong)seed ^ 0x9E3779B97F4A7C15UL));

    /// <summary>The stream that <paramref name="name"/> names below this one.</summary>
    /// <param name="name">For example a parameter's path.</param>
    public RandomKey Derive(string name)
    {
        // FNV-1a, then the mixer: names of one letter's difference end far apart.
        ulong hash = 0xCBF29CE484222325UL;
        foreach (char letter in name)
            hash = (hash ^ letter) * 0x100000001B3UL;
        return Derive(hash);
    }

    /// <summary>The stream that <paramref name="number"/> names below this one.</summary>
    /// <param name="number">For example a step.</param>
    public RandomKey Derive(ulong number) => new(Mix(Value + 0x9E3779B97F4A7C15UL * (Mix(number) | 1)));

    // The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
