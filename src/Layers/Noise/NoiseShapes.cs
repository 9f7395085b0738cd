using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Keras's <c>noise_shape</c>: the shape of a dropout's draws, null where an axis has a draw an entry, 1 where one draw holds along the whole axis.</summary>
internal static class NoiseShapes
{
    /// <summary>Whether draws of that shape broadcast over an input; always without one.</summary>
    public static bool Fits(IReadOnlyList<int?>? noise, SymbolicShape shape)
    {
        if (noise is null)
            return true;
        bool fits = noise.Count == shape.Rank;
        for (int axis = 0; fits && axis < shape.Rank; axis++)
            fits = noise[axis] is null or 1 || shape[axis] is null || noise[axis] == shape[axis];
        return fits;
    }

    /// <summary>What is wrong when it does not fit.</summary>
    public static string Problem(IReadOnlyList<int?> noise, SymbolicShape shape)
        => $"the noise shape {new SymbolicShape([.. noise])} does not fit {shape}; expected on every axis its size, 1, or null for its size.";

    /// <summary>The draws for values of a shape.</summary>
    public static int[] Draws(IReadOnlyList<int?>? noise, ReadOnlySpan<int> shape)
    {
        int[] draws = shape.ToArray();
        for (int axis = 0; noise is not null && axis < draws.Length; axis++)
            draws[axis] = noise[axis] ?? draws[axis];
        return draws;
    }

    public static int?[]? Read(LayerConfig config) => config.Json["noise_shape"] is null ? null : config.Ints("noise_shape");

    /// <summary>Writes it where there is one.</summary>
    public static void Write(IReadOnlyList<int?>? noise, LayerConfig config)
    {
        if (noise is null)
            return;
        var sizes = new JsonArray();
        foreach (int? size in noise)
            sizes.Add((JsonNode?)size);
        config.Set("noise_shape", sizes);
    }
}
