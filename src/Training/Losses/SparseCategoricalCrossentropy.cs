using FlatFuse.Kernels;

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

    /// <summary>Probabilities; then their sums before the division or, from logits, labels without the ignored class.</summary>
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
        Span<float> probabilities = batch.Saved[..(batch.Rows * columns)], perRow = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        if (FromLogits)
        {
            // The kernel wants a class in every row: class 0 stands for the ignored one; its value is wiped here, its coefficient is 0.
            for (int row = 0; row < perRow.Length; row++)
                perRow[row] = IsIgnored(batch.Target[row]) ? 0f : batch.Target[row];
            SoftmaxCrossentropy.Forward(batch.Workers, batch.Rows, columns, batch.Prediction, perRow, probabilities, values);
        }
        for (int row = 0; row < values.Length; row++)
        {
            bool ignored = IsIgnored(batch.Target[row]);
            if (!FromLogits)
            {
                Span<float> q = probabilities.Slice(row * columns, columns);
                perRow[row] = ClassProbabilities.Normalise(batch.PredictionRow(row), q);
                values[row] = ignored ? 0f : -MathF.Log(ClassProbabilities.Clip(q[(int)batch.Target[row]]));
            }
            else if (ignored)
            {
                values[row] = 0f;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        int columns = batch.Columns;
        ReadOnlySpan<float> probabilities = batch.Saved[..(batch.Rows * columns)], perRow = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        if (FromLogits)
        {
            SoftmaxCrossentropy.Backward(batch.Workers, batch.Rows, columns, probabilities, perRow, coefficients, dPrediction, accumulate);
            return;
        }
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> q = probabilities.Slice(row * columns, columns);
            Span<float> dp = dPrediction.Slice(row * columns, columns);
            if (!accumulate)
                dp.Clear();
            if (IsIgnored(batch.Target[row]))
                continue;
            int label = (int)batch.Target[row];
            if (!ClassProbabilities.IsInside(q[label]))
                continue;
            // Of dq only dq[label] = −c/q[label] is not zero, so Σ dq·q is −c.
            float perSum = coefficients[row] / perRow[row];
            for (int i = 0; i < dp.Length; i++)
                dp[i] += perSum;
            dp[label] -= perSum / q[label];
        }
    }

    private bool IsIgnored(float label) => IgnoreClass is { } ignored && label == ignored;
}
