using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// Drives the rows (or columns) of a matrix to right angles: <c>factor · mean |cos|</c> over all pairs of different rows, 0 when they are
/// orthogonal. Gradient: that of the cosines. Source: Keras 3, <c>keras.regularizers.OrthogonalRegularizer</c>.
/// </summary>
public sealed class OrthogonalRegularizer : Regularizer
{
    /// <summary>Creates the regularizer.</summary>
    /// <param name="factor">The strength, 0 or more.</param>
    /// <param name="columns">True to compare the columns instead of the rows.</param>
    public OrthogonalRegularizer(double factor = 0.01, bool columns = false)
    {
        Factor = Guard.FiniteNotNegative(factor, nameof(OrthogonalRegularizer));
        Columns = columns;
    }

    /// <summary>The strength.</summary>
    public double Factor { get; }

    /// <summary>True when the columns are compared.</summary>
    public bool Columns { get; }

    /// <inheritdoc/>
    public override Variable Penalty(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check("value", x.Shape);
        Variable vectors = VariableOps.UnitNormalization(Columns ? VariableOps.Transpose(x, 1, 0) : x);
        int count = vectors.Shape[0];
        Variable cosines = VariableOps.MatMul(vectors, vectors, transposeB: true);
        double pairs = count * (count - 1) / 2.0;
        // One vector has no pair: the sum is then 0, and so is the penalty.
        return VariableOps.Sum(VariableOps.Abs(cosines * OffDiagonal(count, x.Context!))) * (float)(pairs == 0 ? 0 : 0.5 * Factor / pairs);
    }

    /// <inheritdoc/>
    protected internal override void Check(string weight, ReadOnlySpan<int> shape)
    {
        if (shape.Length != 2)
            throw new ArgumentException($"OrthogonalRegularizer: {weight} has shape {Shapes.Format(shape)}; expected a matrix (rows, columns). Use L1 or L2 for weights of another rank.");
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["factor"] = Factor;
        config["mode"] = Columns ? "columns" : "rows";
    }

    private static Variable OffDiagonal(int count, CallContext context)
    {
        Tensor<float> ones = context.Allocator.Allocate(count, count);
        Span<float> entries = ones.AsSpan();
        entries.Fill(1f);
        for (int i = 0; i < count; i++)
            entries[(i * count) + i] = 0f;
        return context.Constant(ones);
    }
}
