using System.Globalization;

namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/*.txt</c>: one a line, words and numbers parted by blanks; what follows # is a remark.</summary>
internal static class ShapeFile
{
    /// <summary>The words and the numbers of each line.</summary>
    public static IEnumerable<(string Line, string[] Words, int[] Sizes)> Read(string name)
    {
        foreach (string raw in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Shapes", name)))
        {
            string[] all = raw.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (all.Length == 0)
                continue;
            yield return (
                string.Join(' ', all),
                [.. all.Where(word => !char.IsDigit(word[0]))],
                [.. all.Where(word => char.IsDigit(word[0])).Select(word => int.Parse(word, CultureInfo.InvariantCulture))]);
        }
    }
}
