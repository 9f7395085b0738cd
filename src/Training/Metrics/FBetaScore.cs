using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// The weighted harmonic mean of precision and recall of each class, <c>(1 + β²) · P · R / (β² P + R)</c>, with Keras's 1e-7 added to each
/// denominator. Targets and predictions are (batch, classes); weights are (batch). Source: Keras 3, <c>keras.metrics.FBetaScore</c>.
/// </summary>
public class FBetaScore : Metric
{
    /// <summary>Creates a score.</summary>
    /// <param name="beta">How much more recall weighs than precision.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not above 0.</exception>
    public FBetaScore(double beta = 1)
        : this("fbeta_score", beta)
    {
    }

    private protected FBetaScore(string name, double beta)
        : base(name) => Beta = Ranges.Positive(beta, "FBetaScore", nameof(beta));

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <summary>How classes become one number; with <see cref="Averaging.None"/> each stands in <see cref="MetricState.Details"/>.</summary>
    public Averaging Average { get; init; }

    /// <summary>Above it a class is predicted; null for the class of the largest prediction alone.</summary>
    public double? Threshold
    {
        get;
        init => field = value is null or (> 0 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(value), FormattableString.Invariant($"FBetaScore: threshold is {value}; expected above 0 and at most 1, or null."));
    }

    /// <inheritdoc/>
    public override MetricState CreateState() => new State(this);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
        if (targetShape.Length != 2 || predictionShape.Length != 2 || !LossShape.SameUpToLastOne(targetShape, predictionShape))
            throw new ArgumentException($"Metric {Name}: the target has shape {Shapes.Format(targetShape)}, the prediction {Shapes.Format(predictionShape)}; expected (batch, classes) for both.", "yTrue");
    }

    private sealed class State(FBetaScore metric) : MetricState
    {
        private const double Epsilon = 1e-7;

        private readonly EntryWeights _weights = new($"Metric {metric.Name}");
        private double[] _hits = [];
        private double[] _predicted = [];
        private double[] _actual = [];

        public override double Result
        {
            get
            {
                if (_hits.Length == 0)
                    return 0;
                if (metric.Average == Averaging.Micro)
                    return Score(Sum(_hits), Sum(_predicted), Sum(_actual));
                double sum = 0, all = Sum(_actual) + Epsilon;
                for (int c = 0; c < _hits.Length; c++)
                    sum += Score(c) * (metric.Average == Averaging.Weighted ? _actual[c] / all : 1.0 / _hits.Length);
                return sum;
            }
        }

        public override double[] Results
        {
            get
            {
                if (metric.Average != Averaging.None || _hits.Length == 0)
                    return [Result];
                var scores = new double[_hits.Length];
                for (int c = 0; c < scores.Length; c++)
                    scores[c] = Score(c);
                return scores;
            }
        }

        public override void Reset()
        {
            Array.Clear(_hits);
            Array.Clear(_predicted);
            Array.Clear(_actual);
        }

        public override void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null)
        {
            ArgumentNullException.ThrowIfNull(yTrue);
            ArgumentNullException.ThrowIfNull(yPred);
            metric.CheckShapes(yTrue.Shape, yPred.Shape);
            int classes = yPred.Shape[1];
            if (_hits.Length == 0)
            {
                _hits = new double[classes];
                _predicted = new double[classes];
                _actual = new double[classes];
            }
            else if (_hits.Length != classes)
            {
                throw new ArgumentException($"Metric {metric.Name}: predictions have {classes} classes; expected {_hits.Length} as before. Use a metric of its own for each output.", nameof(yPred));
            }
            ReadOnlySpan<float> t = yTrue.AsSpan(), p = yPred.AsSpan(), w = sampleWeight is null ? [] : sampleWeight.AsSpan();
            if (sampleWeight is not null)
                _weights.Prepare(sampleWeight.Shape, LossShape.Entries(yPred.Shape));
            for (int row = 0; row < yPred.Shape[0]; row++)
                Add(t.Slice(row * classes, classes), p.Slice(row * classes, classes), sampleWeight is null ? 1 : _weights.At(w, row));
        }

        private void Add(ReadOnlySpan<float> target, ReadOnlySpan<float> prediction, double weight)
        {
            float threshold = metric.Threshold is { } given ? (float)given : prediction[ArgMax.Of(prediction)];
            for (int c = 0; c < target.Length; c++)
            {
                // Without a threshold all of the largest count, as in Keras, but a row of zeros predicts nothing.
                bool isPredicted = metric.Threshold is null ? prediction[c] >= threshold && MathF.Abs(prediction[c]) > 1e-9f : prediction[c] > threshold;
                _actual[c] += weight * target[c];
                if (!isPredicted)
                    continue;
                _predicted[c] += weight;
                _hits[c] += weight * target[c];
            }
        }

        private double Score(int c) => Score(_hits[c], _predicted[c], _actual[c]);

        private double Score(double hits, double predicted, double actual)
        {
            double precision = hits / (predicted + Epsilon), recall = hits / (actual + Epsilon), square = metric.Beta * metric.Beta;
            return (1 + square) * (precision * recall / (square * precision + recall + Epsilon));
        }

        private static double Sum(double[] values)
        {
            double sum = 0;
            foreach (double value in values)
                sum += value;
            return sum;
        }
    }
}
