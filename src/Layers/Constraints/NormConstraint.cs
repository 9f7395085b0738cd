using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Constraints on the Euclidean length of the vectors along some axes of a weight: axis 0 of a kernel (inputs, units) gives one length a unit.
/// Each vector is multiplied by a function of its length.
/// </summary>
public abstract class NormConstraint : Constraint
{
    // Keras's guard against a vector of zeros.
    private protected const double Epsilon = 1e-7;

    // Columns measured side by side: their sums stay in the first-level cache.
    private const int Columns = 64;

    private readonly int[] _axes;

    private protected NormConstraint(ReadOnlySpan<int> axes) => _axes = axes.IsEmpty ? [0] : axes.ToArray();

    /// <summary>The axes of the vectors, neighbours of each other.</summary>
    public IReadOnlyList<int> Axis => _axes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public sealed override void Apply(Span<float> weights, ReadOnlySpan<int> shape)
    {
        if (!TryFindAxes(shape, out int first, out int last))
            Check("weight", shape);
        int outer = Shapes.Count(shape[..first]), size = Shapes.Count(shape[first..(last + 1)]), inner = Shapes.Count(shape[(last + 1)..]);
        Span<double> factors = stackalloc double[Columns];
        for (int o = 0; o < outer; o++)
        {
            Span<float> block = weights.Slice(o * size * inner, size * inner);
            for (int start = 0; start < inner; start += Columns)
                Rescale(block[start..], size, inner, factors[..Math.Min(Columns, inner - start)]);
        }
    }

    /// <inheritdoc/>
    protected internal sealed override void Check(string weight, ReadOnlySpan<int> shape)
    {
        if (!TryFindAxes(shape, out _, out _))
            throw new ArgumentException($"{GetType().Name}: {weight} has shape {Shapes.Format(shape)} and no vectors along axes {Shapes.Format(_axes)}; expected different axes of 0 … {shape.Length - 1} that are neighbours. Choose the axes of the weight that one length is measured over.");
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["axis"] = _axes.Length == 1 ? _axes[0] : LayerConfigReading.ToJson(_axes);

    /// <summary>What a vector of that length is multiplied by.</summary>
    /// <param name="length">Its Euclidean length.</param>
    private protected abstract double Factor(double length);

    // Column i of the block: entries i, i + inner, i + 2·inner, …
    private void Rescale(Span<float> block, int size, int inner, Span<double> factors)
    {
        factors.Clear();
        for (int k = 0, row = 0; k < size; k++, row += inner)
        {
            for (int i = 0; i < factors.Length; i++)
                factors[i] += (double)block[row + i] * block[row + i];
        }
        for (int i = 0; i < factors.Length; i++)
            factors[i] = Factor(Math.Sqrt(factors[i]));
        for (int k = 0, row = 0; k < size; k++, row += inner)
        {
            for (int i = 0; i < factors.Length; i++)
                block[row + i] = (float)(block[row + i] * factors[i]);
        }
    }

    private bool TryFindAxes(ReadOnlySpan<int> shape, out int first, out int last)
    {
        first = int.MaxValue;
        last = -1;
        foreach (int axis in _axes)
        {
            int position = axis < 0 ? axis + shape.Length : axis;
            if (position < 0 || position >= shape.Length)
                return false;
            first = Math.Min(first, position);
            last = Math.Max(last, position);
        }
        return last - first + 1 == _axes.Length;
    }
}
