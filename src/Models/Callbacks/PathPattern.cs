using System.Globalization;
using System.Text.RegularExpressions;

namespace FlatFuse.Models;

/// <summary>Fills a file name's placeholders with epoch, batch and logs.</summary>
internal static partial class PathPattern
{
    /// <summary>Replaces <c>{epoch}</c>, <c>{epoch:02d}</c>, <c>{val_loss:.2f}</c>, or with a .NET format <c>{val_loss:0.00}</c>.</summary>
    /// <param name="pattern">The file name.</param>
    /// <param name="progress">Epoch and batch count from 1 in names, as in Keras.</param>
    /// <exception cref="ArgumentException">A name is not among the logs.</exception>
    public static string Fill(string pattern, TrainingProgress progress)
        => Placeholder().Replace(pattern, match => Text(match.Groups["name"].Value, match.Groups["format"].Value, progress));

    /// <summary>Throws for a placeholder that no epoch will have, before the first epoch.</summary>
    public static void Check(string pattern, TrainingProgress progress)
    {
        foreach (Match match in Placeholder().Matches(pattern))
        {
            string name = match.Groups["name"].Value;
            if (name is not ("epoch" or "batch" or "learning_rate") && !progress.MeasuredKeys.Contains(name))
                throw Unknown(name, progress);
        }
    }

    private static string Text(string name, string format, TrainingProgress progress)
    {
        double value = name switch
        {
            "epoch" => progress.Epoch + 1,
            "batch" => progress.Batch + 1,
            _ => progress.TryGetValue(name, out double logged) ? logged : throw Unknown(name, progress),
        };
        return value.ToString(DotNetFormat(format), CultureInfo.InvariantCulture);
    }

    // Python's 02d and .2f mean .NET's 00 and F2.
    private static string? DotNetFormat(string format)
    {
        if (format.Length == 0)
            return null;
        if (format[^1] == 'd' && int.TryParse(format.AsSpan(0, format.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int digits))
            return new string('0', Math.Max(digits, 1));
        return format[0] == '.' && format[^1] is 'f' or 'e' ? $"{char.ToUpperInvariant(format[^1])}{format[1..^1]}" : format;
    }

    private static ArgumentException Unknown(string name, TrainingProgress progress)
        => new($"ModelCheckpoint: the path asks for '{name}'; known are epoch, batch, {string.Join(", ", progress.MeasuredKeys.ToArray())}.");

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^{}]+))?\}")]
    private static partial Regex Placeholder();
}
