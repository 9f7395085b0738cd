using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

/// <summary>Turns raw data into tensors that a model can be fitted on. Nothing here is part of the graph.</summary>
public static partial class Preprocessing
{
    /// <summary>Brings sequences of ids to one length, as Keras's <c>pad_sequences</c> does.</summary>
    /// <param name="sequences">One list of ids a sample.</param>
    /// <param name="maxLength">The length; that of the longest sequence when null.</param>
    /// <param name="padding">Where short sequences are filled up.</param>
    /// <param name="truncating">Where long sequences are cut.</param>
    /// <param name="value">The id to fill with.</param>
    /// <returns>(samples, maxLength).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is below 1.</exception>
    public static Tensor<int> PadSequences(
        IReadOnlyList<int[]> sequences,
        int? maxLength = null,
        PadSide padding = PadSide.Before,
        PadSide truncating = PadSide.Before,
        int value = 0)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        int length = maxLength ?? sequences.Max(sequence => sequence.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(maxLength));
        Tensor<int> padded = Tensor.Zeros<int>(sequences.Count, length);
        Span<int> rows = padded.AsSpan();
        for (int i = 0; i < sequences.Count; i++)
        {
            Span<int> row = rows.Slice(i * length, length);
            row.Fill(value);
            ReadOnlySpan<int> kept = sequences[i];
            if (kept.Length > length)
                kept = truncating == PadSide.Before ? kept[^length..] : kept[..length];
            kept.CopyTo(padding == PadSide.Before ? row[^kept.Length..] : row);
        }
        return padded;
    }
}
