namespace FlatFuse.Layers;

/// <summary>
/// Boundaries that cut numbers into parts of about equal size, as Keras 3 finds them (<c>Discretization.adapt</c> on one array): at most about
/// 1/epsilon of the sorted numbers are kept, then interpolated where the share of numbers passes 1/bins, 2/bins, …
/// </summary>
internal static class Quantiles
{
    /// <summary>The boundaries: at most <paramref name="bins"/> − 1, ascending.</summary>
    /// <param name="values">Sorted in place.</param>
    /// <param name="bins">How many parts.</param>
    /// <param name="epsilon">The share of numbers by which a boundary may be off.</param>
    public static float[] Boundaries(float[] values, int bins, double epsilon)
    {
        Array.Sort(values);
        double increment = values.Length * epsilon;
        int start = (int)increment, step = (int)Math.Max(increment, 1);
        var kept = new List<(float Value, double Weight)>();
        for (int i = start; i < values.Length; i += step)
            kept.Add((values[i], Math.Max(increment, 1)));
        kept = Compress(kept, epsilon);
        kept = Compress(kept, 1.0 / bins);
        return [.. kept.Take(kept.Count - 1).Select(entry => entry.Value)];
    }

    // Entries at evenly spaced shares of the total weight; fewer than there are shares stay as they are.
    private static List<(float Value, double Weight)> Compress(List<(float Value, double Weight)> entries, double epsilon)
    {
        if (entries.Count * epsilon < 1)
            return entries;
        double total = entries.Sum(entry => entry.Weight);
        // As many as numpy's arange(0, 1, epsilon).
        int count = (int)Math.Ceiling(1 / epsilon);
        var result = new List<(float, double)>(count);
        double before = 0;
        for (int k = 0; k < count; k++)
        {
            (double value, double cumulated) = At(entries, (epsilon + k * epsilon) * total);
            result.Add(((float)value, cumulated - before));
            before = cumulated;
        }
        return result;
    }

    // Linear between the entries' cumulated weights, flat beyond both ends.
    private static (double Value, double Cumulated) At(List<(float Value, double Weight)> entries, double wanted)
    {
        double cumulated = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            double next = cumulated + entries[i].Weight;
            if (wanted <= next)
            {
                if (i == 0)
                    return (entries[0].Value, next);
                double share = (wanted - cumulated) / (next - cumulated);
                return (entries[i - 1].Value + share * ((double)entries[i].Value - entries[i - 1].Value), wanted);
            }
            cumulated = next;
        }
        return (entries[^1].Value, cumulated);
    }
}
