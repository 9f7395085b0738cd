namespace FlatFuse.Training;

/// <summary>
/// <c>−log q[label]</c> with one class number an entry, <c>(batch, …)</c> or <c>(batch, …, 1)</c>; <c>q = p / Σ p</c> clipped to [ε, 1 − ε], gradient
/// zero where clipped. <see cref="FromLogits"/>: <c>log Σ e^x − x[label]</c>, gradient <c>softmax(x) − one_hot(label)</c>.
/// </summary>
public sealed class SparseCategoricalCrossentropy() : Loss("sparse_categorical_crossentropy")
{
    /// <summary>True when predictions are logits: no softmax before.</summary>
    public bool FromLogits { get; init; }

    /// <summary>A label whose entries count nothing, such as −1 for padding; the mean is over the others.</summary>
    public int? IgnoreClass { get; init; }

    /// <inheritdoc/>
    public override bool TakesClassNumbers => true;

    /// <inheritdoc/>
    protected internal override int? IgnoredClass => IgnoreClass;

    /// <summary>Keeps the probabilities, and their sum before the division.</summary>
    protected internal override int SavedLength(int rows, int columns) => checked((rows * columns) + rows);

    /// <inheritdoc/>
    protected internal override void CheckOutput(ReadOnlySpan<int> prediction, string output) => ClassTargets.CheckOutput(this, prediction, output);

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => ClassTargets.CheckLabels(this, values, shape, columns, IgnoreClass, output);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A label is not whole or not in range.</exception>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        ClassTargets.CheckLabels(this, batch.Target, [batch.Rows], batch.Columns, IgnoreClass, "the batch");
        int columns = batch.Columns;
        Span<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> p = batch.PredictionRow(row);
            Span<float> q = batch.Saved.Slice(row * columns, columns);
            int label = (int)batch.Target[row];
            bool counts = label != IgnoreClass;
            if (FromLogits)
            {
                double logSum = ClassProbabilities.Softmax(p, q);
                values[row] = counts ? (float)(logSum - p[label]) : 0f;
            }
            else
            {
                sums[row] = ClassProbabilities.Normalise(p, q);
                values[row] = counts ? -MathF.Log(ClassProbabilities.Clip(q[label])) : 0f;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        int columns = batch.Columns;
        ReadOnlySpan<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> q = batch.Saved.Slice(row * columns, columns);
            Span<float> dp = dPrediction.Slice(row * columns, columns);
            int label = (int)batch.Target[row];
            if (!accumulate)
                dp.Clear();
            if (label == IgnoreClass)
                continue;
            float c = coefficients[row];
            if (FromLogits)
            {
                for (int i = 0; i < dp.Length; i++)
                    dp[i] += c * q[i];
                dp[label] -= c;
            }
            else if (ClassProbabilities.IsInside(q[label]))
            {
                // Of dq only dq[label] = −c/q[label] is not zero, so Σ dq·q is −c.
                float perSum = c / sums[row];
                for (int i = 0; i < dp.Length; i++)
                    dp[i] += perSum;
                dp[label] -= perSum / q[label];
            }
        }
    }
}
