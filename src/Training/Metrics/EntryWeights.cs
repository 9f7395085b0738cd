using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// Broadcasts sample weights to entries; remembers the last shapes, so that equal batches allocate nothing. Unlike a loss, a metric takes
/// weights of fewer axes, (batch) for entries (batch, steps): each weight is for all that lies behind it.
/// </summary>
internal sealed class EntryWeights(string owner)
{
    private int[] _weights = [-1];
    private int[] _entries = [-1];
    private int[]? _index;

    /// <summary>Makes the index for a batch; call before <see cref="At"/>.</summary>
    /// <exception cref="ArgumentException">The weights do not fit the entries.</exception>
    public void Prepare(ReadOnlySpan<int> weights, ReadOnlySpan<int> entries)
    {
        if (weights.SequenceEqual(_weights) && entries.SequenceEqual(_entries))
            return;
        int[] padded = new int[Math.Max(weights.Length, entries.Length)];
        padded.AsSpan().Fill(1);
        weights.CopyTo(padded);
        _index = LossShape.WeightIndex(owner, padded, entries);
        _weights = weights.ToArray();
        _entries = entries.ToArray();
    }

    /// <summary>The weight of one entry.</summary>
    public float At(ReadOnlySpan<float> weights, int entry) => weights[_index is null ? entry : _index[entry]];
}
