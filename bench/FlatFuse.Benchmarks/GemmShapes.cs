using System.Globalization;
using FlatFuse.Kernels;

namespace FlatFuse.Benchmarks;

/// <summary>The products of <c>Shapes/gemm.txt</c>: real shapes of the seed models beside squares.</summary>
internal static class GemmShapes
{
    public static IEnumerable<(string Name, GemmShape Shape)> Read()
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Shapes", "gemm.txt")))
        {
            if (line.StartsWith('#'))
                continue;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int[] sizes = [.. words.Where(word => char.IsDigit(word[0])).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            yield return (line, new GemmShape(sizes[0], sizes[1], sizes[2]) { TransposeA = words.Contains("TA"), TransposeB = words.Contains("TB") });
        }
    }
}
