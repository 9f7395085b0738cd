using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>Rows of a table by id, and the gradient that goes back into them. Ids are whole floats.</summary>
public static unsafe class EmbeddingTable
{
    /// <summary>y[i, ·] = table[ids[i], ·].</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="ids">Row numbers, any shape flattened.</param>
    /// <param name="table">The table (vocabulary, <paramref name="dim"/>).</param>
    /// <param name="dim">Floats in a row, 1 or more.</param>
    /// <param name="y">The rows (ids, dim).</param>
    /// <exception cref="ArgumentException">A length does not agree, or an id is no row of the table.</exception>
    public static void Gather(Workers workers, ReadOnlySpan<float> ids, ReadOnlySpan<float> table, int dim, Span<float> y)
    {
        const string Name = "EmbeddingTable.Gather";
        CheckOperands(Name, workers, ids, table.Length, dim, y.Length);
        fixed (float* pi = ids, pt = table, py = y)
            workers.Kernels.EmbeddingGather(workers, pi, ids.Length, pt, dim, py);
    }

    /// <summary>table[ids[i], ·] += dy[i, ·] for every i in order, into a cleared table unless <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="ids">Row numbers.</param>
    /// <param name="dy">The gradient of the gathered rows (ids, <paramref name="dim"/>).</param>
    /// <param name="dim">Floats in a row, 1 or more.</param>
    /// <param name="table">The gradient of the table (vocabulary, dim).</param>
    /// <param name="accumulate">False to clear the table first.</param>
    /// <exception cref="ArgumentException">A length does not agree, or an id is no row of the table.</exception>
    public static void ScatterAdd(Workers workers, ReadOnlySpan<float> ids, ReadOnlySpan<float> dy, int dim, Span<float> table, bool accumulate)
    {
        const string Name = "EmbeddingTable.ScatterAdd";
        CheckOperands(Name, workers, ids, table.Length, dim, dy.Length);
        fixed (float* pi = ids, pd = dy, pt = table)
            workers.Kernels.EmbeddingScatterAdd(workers, pi, ids.Length, pd, dim, pt, table.Length, accumulate);
    }

    /// <summary>The position of the first id that is not a whole number from 0 to <paramref name="vocabulary"/> − 1 (NaN included), or −1.</summary>
    /// <param name="ids">Ids.</param>
    /// <param name="vocabulary">Rows of the table.</param>
    public static int FirstInvalidId(ReadOnlySpan<float> ids, int vocabulary)
    {
        // Floats count exactly up to 2²⁴; beyond, and to find the place, one id at a time.
        fixed (float* pi = ids)
        {
            if (vocabulary <= 16_777_216 && KernelSets.Default.AreValidIds(pi, ids.Length, vocabulary))
                return -1;
        }
        for (int i = 0; i < ids.Length; i++)
        {
            float id = ids[i];
            // NaN fails the first comparison. The limit is compared as an integer: as a float it could be rounded above 2²⁴.
            if (!(id >= 0f && id < 2_147_483_648f) || (int)id >= vocabulary || (int)id != id)
                return i;
        }
        return -1;
    }

    private static void CheckOperands(string name, Workers workers, ReadOnlySpan<float> ids, int table, int dim, int rows)
    {
        ArgumentNullException.ThrowIfNull(workers);
        if (dim < 1)
            Check.Refuse(name, string.Create(CultureInfo.InvariantCulture, $"dim is {dim}; expected 1 or more."));
        if (table % dim != 0)
            Check.Refuse(name, string.Create(CultureInfo.InvariantCulture, $"the table has {table} floats; expected a multiple of dim = {dim}."));
        Check.Length(name, "the rows' span", rows, (long)ids.Length * dim);
        int vocabulary = table / dim;
        int invalid = FirstInvalidId(ids, vocabulary);
        if (invalid >= 0)
        {
            Check.Refuse(name, string.Create(
                CultureInfo.InvariantCulture,
                $"id {ids[invalid]} at position {invalid} is no row of the table; expected whole numbers from 0 to {vocabulary - 1}. Enlarge the vocabulary or map unknown ids to one of its rows."));
        }
    }
}
