using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>What the layers that encode category ids share: shapes, the encoding itself, Keras's words for the modes.</summary>
internal static class Categories
{
    /// <summary>(…, n) becomes (…, depth), except for one-hot with n ≠ 1, (…, n, depth), and for plain ids.</summary>
    /// <returns>Null when the mode takes the last axis away and there is only the batch.</returns>
    public static SymbolicShape? Shape(SymbolicShape ids, CategoryMode mode, int depth) => mode switch
    {
        CategoryMode.Int => ids,
        CategoryMode.OneHot when ids.Rank < 2 || ids[ids.Rank - 1] != 1 => new SymbolicShape([.. ids, depth]),
        _ when ids.Rank < 2 => null,
        _ => ids.With(ids.Rank - 1, depth),
    };

    /// <summary>Encodes ids as <see cref="Shape"/> says.</summary>
    public static Variable Encode(Variable ids, CategoryMode mode, int depth)
    {
        if (mode == CategoryMode.Int)
            return ids;
        if (mode == CategoryMode.OneHot && (ids.Shape.Length < 2 || ids.Shape[^1] != 1))
            ids = VariableOps.Reshape(ids, [.. ids.Shape, 1]);
        return VariableOps.MultiHot(ids, depth, count: mode == CategoryMode.Count);
    }

    public static CategoryMode Check(CategoryMode mode, string layer)
        => Enum.IsDefined(mode) ? mode : throw new ArgumentOutOfRangeException(nameof(mode), $"{layer}: output mode {(int)mode} does not exist; expected a value of CategoryMode.");

    public static CategoryMode Read(LayerConfig config, string layer, CategoryMode missing)
        => config.Bool("sparse", false)
            ? throw new InvalidDataException($"Architecture: layer '{config.Name ?? "?"}' ({layer}) has sparse outputs, which do not exist here; write it with sparse = false.")
            : config.Text("output_mode", Spell(missing)) switch
            {
                "int" => CategoryMode.Int,
                "one_hot" => CategoryMode.OneHot,
                "multi_hot" => CategoryMode.MultiHot,
                "count" => CategoryMode.Count,
                string other => throw new InvalidDataException($"Architecture: output_mode '{other}' of {layer} is unknown; expected int, one_hot, multi_hot or count."),
            };

    public static string Spell(CategoryMode mode) => mode switch
    {
        CategoryMode.Int => "int",
        CategoryMode.OneHot => "one_hot",
        CategoryMode.MultiHot => "multi_hot",
        _ => "count",
    };
}
