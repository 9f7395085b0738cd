namespace FlatFuse.Training;

/// <summary>Means, biased variances and the biased covariance of one row of targets and predictions, in double.</summary>
internal readonly record struct RowMoments(double TargetMean, double PredictionMean, double TargetVariance, double PredictionVariance, double Covariance)
{
    public static RowMoments Of(in LossBatch batch, int row)
    {
        ReadOnlySpan<float> t = batch.Target.Slice(row * batch.Columns, batch.Columns), p = batch.Prediction.Slice(row * batch.Columns, batch.Columns);
        double meanT = 0, meanP = 0, tt = 0, pp = 0, tp = 0;
        for (int i = 0; i < t.Length; i++)
        {
            meanT += t[i];
            meanP += p[i];
        }
        meanT /= t.Length;
        meanP /= t.Length;
        // About the means, in a second pass: a large offset does not eat the variance.
        for (int i = 0; i < t.Length; i++)
        {
            double a = t[i] - meanT, b = p[i] - meanP;
            tt += a * a;
            pp += b * b;
            tp += a * b;
        }
        return new RowMoments(meanT, meanP, tt / t.Length, pp / t.Length, tp / t.Length);
    }
}
