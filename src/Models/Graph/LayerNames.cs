using System.Globalization;
using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>Names inside one model: given ones must differ, missing ones are Keras's snake case, numbered.</summary>
internal static class LayerNames
{
    /// <summary>Names the layers that have none, in their order, and refuses two of one name.</summary>
    /// <param name="model">For the error.</param>
    /// <param name="layers">Distinct layers of one model.</param>
    /// <exception cref="ArgumentException">Two layers have one name.</exception>
    public static void Assign(string model, IReadOnlyList<Layer> layers)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (Layer layer in layers)
        {
            if (layer.HasName && !taken.Add(layer.Name))
                throw Duplicate(model, layer);
        }
        foreach (Layer layer in layers)
        {
            if (!layer.HasName)
                layer.AssignName(Free(layer.DefaultName, taken));
        }
    }

    /// <summary>The exception for a second layer of one name.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="layer">The second layer.</param>
    public static ArgumentException Duplicate(string model, Layer layer)
        => new($"Model '{model}': two layers are named '{layer.Name}', one of them a {layer.ClassName}. Names are the first part of weight paths and must differ within a model. A layer keeps the name that its first model gave it: to join layers of two models, give one of them a name where it is made, new Dense(8) {{ Name = \"…\" }}.");

    private static string Free(string name, HashSet<string> taken)
    {
        string candidate = name;
        for (int number = 1; !taken.Add(candidate); number++)
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        return candidate;
    }
}
