namespace FlatFuse.Training;

/// <summary>
/// <c>−Σ α (1 − q)^γ t log q</c> over the classes (last axis), q = p / Σ p clipped to [ε, 1 − ε] (<see cref="FromLogits"/>: p = softmax(x)): easy entries
/// count less. Gradient through q with <c>dL/dq = α t (γ (1 − q)^(γ−1) log q − (1 − q)^γ / q)</c>, zero where clipped.
/// </summary>
/// <remarks>Lin et al., Focal Loss for Dense Object Detection, 2017.</remarks>
public sealed class CategoricalFocalCrossentropy() : Loss("categorical_focal_crossentropy")
{
    /// <summary>α: a factor on everything.</summary>
    public double Alpha { get; init => field = Ranges.NotNegative(value, "CategoricalFocalCrossentropy", nameof(Alpha)); } = 0.25;

    /// <summary>γ: how much easy entries are weakened.</summary>
    public double Gamma { get; init => field = Ranges.NotNegative(value, "CategoricalFocalCrossentropy", nameof(Gamma)); } = 2;

    /// <summary>True when predictions are logits: no softmax before.</summary>
    public bool FromLogits { get; init; }

    /// <summary>Spreads a part of each target over all classes: <c>t (1 − s) + s/C</c>. 0 … 1.</summary>
    public double LabelSmoothing { get; init => field = Ranges.Fraction(value, "CategoricalFocalCrossentropy", nameof(LabelSmoothing)); }

    /// <summary>Keeps the probabilities, their sum before the division, and working memory for one row.</summary>
    protected internal override int SavedLength(int rows, int columns) => checked((rows * columns) + rows + columns);

    /// <inheritdoc/>
    protected internal override void CheckOutput(ReadOnlySpan<int> prediction, string output) => ClassTargets.CheckOutput(this, prediction, output);

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => Ranges.CheckProbabilities(this, values, shape, output);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        int columns = batch.Columns;
        Span<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row), p = batch.PredictionRow(row);
            Span<float> q = batch.Saved.Slice(row * columns, columns);
            if (FromLogits)
                ClassProbabilities.Softmax(p, q);
            else
                sums[row] = ClassProbabilities.Normalise(p, q);
            double sum = 0;
            for (int i = 0; i < t.Length; i++)
            {
                double clipped = ClassProbabilities.Clip(q[i]);
                sum -= Target(t[i], columns) * Alpha * Math.Pow(1 - clipped, Gamma) * Math.Log(clipped);
            }
            values[row] = (float)sum;
        }
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        int columns = batch.Columns;
        ReadOnlySpan<float> sums = batch.Saved.Slice(batch.Rows * columns, batch.Rows);
        Span<float> dq = batch.Saved.Slice((batch.Rows * columns) + batch.Rows, columns);
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            ReadOnlySpan<float> q = batch.Saved.Slice(row * columns, columns);
            for (int i = 0; i < dq.Length; i++)
            {
                double p = q[i];
                double weakening = Gamma == 0 ? 0 : Gamma * Math.Pow(1 - p, Gamma - 1) * Math.Log(p);
                dq[i] = ClassProbabilities.IsInside(q[i])
                    ? (float)(coefficients[row] * Alpha * Target(t[i], columns) * (weakening - (Math.Pow(1 - p, Gamma) / p)))
                    : 0f;
            }
            Span<float> dp = dPrediction.Slice(row * columns, columns);
            if (FromLogits)
                ClassProbabilities.SoftmaxBackward(q, dq, dp, accumulate);
            else
                ClassProbabilities.NormaliseBackward(q, dq, sums[row], dp, accumulate);
        }
    }

    private double Target(float label, int columns) => (label * (1 - LabelSmoothing)) + (LabelSmoothing / columns);
}
