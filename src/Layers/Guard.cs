using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlatFuse.Layers;

/// <summary>Checks of constructor arguments, one wording for all layers.</summary>
internal static class Guard
{
    public static int Positive(int value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value > 0 ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "a whole number of at least 1");

    public static Size2D Positive(Size2D value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value.Rows > 0 && value.Columns > 0 ? value : throw Refuse(layer, name, value.ToString(), "whole numbers of at least 1");

    public static int NotNegative(int value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 0 ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "a whole number of at least 0");

    public static double Rate(double value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is >= 0 and < 1 ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "the share of entries to drop, at least 0 and below 1");

    public static double Finite(double value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "a finite number");

    public static double FiniteNotNegative(double value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 0 && double.IsFinite(value) ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "a finite number of at least 0");

    public static double Share(double value, string layer, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is >= 0 and <= 1 ? value : throw Refuse(layer, name, value.ToString(CultureInfo.InvariantCulture), "a share, at least 0 and at most 1");

    public static Padding Padding(Padding value, string layer, bool causal)
        => Enum.IsDefined(value) && (causal || value != Layers.Padding.Causal)
            ? value
            : throw new ArgumentException($"{layer}: padding {value.ToString().ToLowerInvariant()} is not defined here; expected {(causal ? "valid, same or causal" : "valid or same")}.", nameof(value));

    private static ArgumentOutOfRangeException Refuse(string layer, string name, string received, string expected)
        => new(name, $"{layer}: {name} is {received}; expected {expected}.");
}
