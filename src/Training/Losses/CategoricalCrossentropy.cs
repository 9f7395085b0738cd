using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// <c>−Σ t log q</c> over the classes (last axis) with <c>q = p / Σ p</c>, clipped to [ε, 1 − ε]; gradient zero where clipped.
/// <see cref="FromLogits"/>: <c>q = softmax(x)</c>, not clipped, gradient <c>q Σ t − t</c>. Targets are one-hot or probabilities.
/// </summary>
public sealed class CategoricalCrossentropy() : Loss("categorical_crossentropy")
{
    /// <summary>True when predictions are logits: no softmax before.</summary>
    public bool FromLogits { get; init; }

    /// <summary>Spreads a part of each target over all classes: <c>t (1 − s) + s/C</c>. 0 … 1.</summary>
    public double LabelSmoothing { get; init => field = Ranges.Fraction(value, "CategoricalCrossentropy", nameof(LabelSmoothing)); }

    /// <summary>Probabilities; then their sums and working memory for one row, or, from logits, the smoothed targets.</summary>
    protected internal override int SavedLength(int rows, int columns)
        => checked((rows * columns) + (!FromLogits ? rows + columns : LabelSmoothing == 0 ? 0 : rows * columns));

    /// <inheritdoc/>
    protected internal override void CheckOutput(ReadOnlySpan<int> prediction, string output) => ClassTargets.CheckOutput(this, prediction, output);

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => Ranges.CheckProbabilities(this, values, shape, output);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        int columns = batch.Columns;
        if (FromLogits)
        {
            Smooth(batch);
            SoftmaxCrossentropy.ForwardDense(batch.Workers, batch.Rows, columns, batch.Prediction, Targets(batch), Probabilities(batch), values);
            return;
        }
        float scale = (float)(1 - LabelSmoothing), shift = (float)(LabelSmoothing / columns);
        Span<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            Span<float> q = batch.Saved.Slice(row * columns, columns);
            sums[row] = ClassProbabilities.Normalise(batch.PredictionRow(row), q);
            double sum = 0;
            for (int i = 0; i < t.Length; i++)
                sum -= ((t[i] * scale) + shift) * MathF.Log(ClassProbabilities.Clip(q[i]));
            values[row] = (float)sum;
        }
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        int columns = batch.Columns;
        if (FromLogits)
        {
            SoftmaxCrossentropy.BackwardDense(batch.Workers, batch.Rows, columns, Probabilities(batch), Targets(batch), coefficients, dPrediction, accumulate);
            return;
        }
        float scale = (float)(1 - LabelSmoothing), shift = (float)(LabelSmoothing / columns);
        ReadOnlySpan<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        Span<float> dq = batch.Saved.Slice((batch.Rows * columns) + batch.Rows, columns);
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            ReadOnlySpan<float> q = batch.Saved.Slice(row * columns, columns);
            Span<float> dp = dPrediction.Slice(row * columns, columns);
            float c = coefficients[row];
            for (int i = 0; i < dq.Length; i++)
                dq[i] = ClassProbabilities.IsInside(q[i]) ? -c * ((t[i] * scale) + shift) / q[i] : 0f;
            ClassProbabilities.NormaliseBackward(q, dq, sums[row], dp, accumulate);
        }
    }

    private static Span<float> Probabilities(in LossBatch batch) => batch.Saved[..(batch.Rows * batch.Columns)];

    private ReadOnlySpan<float> Targets(in LossBatch batch) => LabelSmoothing == 0 ? batch.Target : batch.Saved[(batch.Rows * batch.Columns)..];

    private void Smooth(in LossBatch batch)
    {
        if (LabelSmoothing == 0)
            return;
        float scale = (float)(1 - LabelSmoothing), shift = (float)(LabelSmoothing / batch.Columns);
        Span<float> smoothed = batch.Saved[(batch.Rows * batch.Columns)..];
        for (int i = 0; i < smoothed.Length; i++)
            smoothed[i] = (batch.Target[i] * scale) + shift;
    }
}
