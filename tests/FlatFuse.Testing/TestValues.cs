namespace FlatFuse.Testing;

/// <summary>Deterministic pseudo-random inputs for tests.</summary>
public static class TestValues
{
    /// <summary>Fills <paramref name="values"/> with numbers spread evenly over [low, high), the same for the same seed.</summary>
    /// <param name="values">The floats to fill.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public static void Fill(Span<float> values, int seed, float low = -1f, float high = 1f)
    {
        var random = new Random(seed);
        for (int i = 0; i < values.Length; i++)
            values[i] = low + ((high - low) * random.NextSingle());
    }

    /// <summary>A new array filled as <see cref="Fill"/> does.</summary>
    /// <param name="length">Floats.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public static float[] Create(int length, int seed, float low = -1f, float high = 1f)
    {
        var values = new float[length];
        Fill(values, seed, low, high);
        return values;
    }
}
