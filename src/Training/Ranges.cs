using System.Globalization;

namespace FlatFuse.Training;

/// <summary>Checks of hyper-parameters and of targets that several classes share.</summary>
internal static class Ranges
{
    public static double Fraction(double value, string owner, string name)
        => value is >= 0 and <= 1 ? value : throw Bad(value, owner, name, "a number from 0 to 1");

    /// <summary>0 ≤ value &lt; 1: a decay rate or momentum.</summary>
    public static double Decay(double value, string owner, string name)
        => value is >= 0 and < 1 ? value : throw Bad(value, owner, name, "a number from 0, below 1");

    public static double Positive(double value, string owner, string name)
        => value > 0 && double.IsFinite(value) ? value : throw Bad(value, owner, name, "a number above 0");

    public static double NotNegative(double value, string owner, string name)
        => value >= 0 && double.IsFinite(value) ? value : throw Bad(value, owner, name, "a number from 0");

    public static double AtLeastOne(double value, string owner, string name)
        => value >= 1 && double.IsFinite(value) ? value : throw Bad(value, owner, name, "a number from 1");

    public static double Finite(double value, string owner, string name)
        => double.IsFinite(value) ? value : throw Bad(value, owner, name, "a finite number");

    public static int? AtLeast(int? value, int least, string owner, string name)
        => value is null || value >= least ? value : throw Bad(value.Value, owner, name, $"a whole number from {least}, or null");

    public static double[] Thresholds(IReadOnlyList<double> values, string owner)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException($"{owner}: there are no thresholds; expected one or more numbers from 0 to 1.", nameof(values));
        foreach (double value in values)
            Fraction(value, owner, nameof(Thresholds));
        return [.. values];
    }

    /// <summary>Targets of crossentropies are probabilities.</summary>
    public static void CheckProbabilities(Loss loss, ReadOnlySpan<float> values, ReadOnlySpan<int> shape, string output)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < 0f or > 1f)
                throw loss.BadTarget(shape, i, Loss.Spell(values[i]), "probabilities from 0 to 1", "For class numbers use SparseCategoricalCrossentropy, for other numbers a regression loss such as MeanSquaredError", output);
        }
    }

    private static ArgumentOutOfRangeException Bad(double value, string owner, string name, string expected)
        => new(name, $"{owner}: {name} is {value.ToString(CultureInfo.InvariantCulture)}; expected {expected}.");
}
