namespace FlatFuse.Benchmarks;

/// <summary>How the tables write numbers.</summary>
internal static class Text
{
    /// <summary>Seconds in the unit that leaves one to three digits before the point.</summary>
    public static string Time(double seconds) => seconds switch
    {
        double.NaN => "–",
        < 1e-6 => $"{seconds * 1e9:0} ns",
        < 1e-5 => $"{seconds * 1e6:0.00} µs",
        < 1e-4 => $"{seconds * 1e6:0.0} µs",
        < 1e-3 => $"{seconds * 1e6:0} µs",
        < 1e-2 => $"{seconds * 1e3:0.00} ms",
        < 1e-1 => $"{seconds * 1e3:0.0} ms",
        < 1 => $"{seconds * 1e3:0} ms",
        _ => $"{seconds:0.00} s",
    };

    /// <summary>A ratio, or a dash where one side is missing.</summary>
    public static string Ratio(double ratio) => double.IsFinite(ratio) ? $"{ratio:0.00}" : "–";

    /// <summary>A row of a table, cells padded to the widths of its columns.</summary>
    public static string Row(IReadOnlyList<int> widths, IReadOnlyList<string> cells)
        => "| " + string.Join(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))) + " |";

    /// <summary>The line under a table's head: the first column to the left, the others to the right.</summary>
    public static string Rule(IReadOnlyList<int> widths)
        => "|" + string.Concat(widths.Select((width, i) => new string('-', width + (i == 0 ? 2 : 1)) + (i == 0 ? "|" : ":|")));

    public static double GeometricMean(IReadOnlyCollection<double> values)
        => values.Count == 0 ? double.NaN : Math.Exp(values.Average(Math.Log));
}
