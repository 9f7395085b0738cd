using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// A checked data set: float32 and contiguous, as many samples in every array. Batches are copied out of it row by row
/// into the fixed inputs of a step.
/// </summary>
internal sealed class SampleSet
{
    private readonly Tensor<float>[] _inputs;
    private readonly Tensor<float>[] _targets;
    private readonly Tensor<float>?[] _weights;

    public SampleSet(IReadOnlyList<Tensor<float>> inputs, IReadOnlyList<Tensor<float>> targets, IReadOnlyList<Tensor<float>?> weights)
    {
        _inputs = [.. inputs];
        _targets = [.. targets];
        _weights = [.. weights];
    }

    /// <summary>Inputs alone, in an array that the caller goes on filling.</summary>
    public SampleSet(Tensor<float>[] inputs)
    {
        _inputs = inputs;
        _targets = [];
        _weights = [];
    }

    public int Count => _inputs[0].Shape[0];

    public ReadOnlySpan<Tensor<float>> Inputs => _inputs;

    public ReadOnlySpan<Tensor<float>> Targets => _targets;

    /// <summary>One an output; null where its samples weigh the same.</summary>
    public ReadOnlySpan<Tensor<float>?> Weights => _weights;

    /// <summary>Without copying, the samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    public SampleSet Range(int start, int count)
        => new(
            [.. _inputs.Select(tensor => tensor.Rows(start, count))],
            [.. _targets.Select(tensor => tensor.Rows(start, count))],
            [.. _weights.Select(tensor => tensor?.Rows(start, count))]);

    /// <summary>The same samples, weighted otherwise.</summary>
    public SampleSet Weighted(IReadOnlyList<Tensor<float>?> weights) => new(_inputs, _targets, weights);

    /// <summary>
    /// Copies samples <c>order[start …]</c>, or <c>start …</c> when there is no order, into a batch; every row of <paramref name="batch"/> is filled.
    /// </summary>
    public static void Gather(Workers workers, Tensor<float> source, ReadOnlySpan<int> order, int start, Tensor<float> batch)
    {
        int rows = batch.Shape[0];
        int size = rows == 0 ? 0 : batch.Count / rows;
        ReadOnlySpan<float> from = source.AsSpan();
        if (order.IsEmpty)
            from = from[(start * size)..];
        RowCopy.Gather(workers, size, from, order.IsEmpty ? default : order.Slice(start, rows), batch.AsSpan());
    }
}
