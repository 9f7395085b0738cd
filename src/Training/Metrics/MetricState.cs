using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>The running sums of one metric. Updates allocate nothing once the first batch of a size was seen.</summary>
public abstract class MetricState
{
    /// <summary>The value over all updates since the last reset; 0 before the first.</summary>
    public abstract double Result { get; }

    /// <summary>
    /// All values of a metric that has several, such as one a threshold or one a class; otherwise <see cref="Result"/> alone. Where there are
    /// several, <see cref="Result"/>, which a history shows, is their mean unless the metric says otherwise.
    /// </summary>
    public virtual double[] Results => [Result];

    /// <summary>
    /// Everything that the metric knows, in its own shape: () for one number, (n) for several, (classes, classes) for a confusion matrix, one a
    /// class or label where <see cref="Result"/> is a mean over them. What <c>Evaluation.Details</c> shows.
    /// </summary>
    public virtual Tensor<double> Details
    {
        get
        {
            double[] results = Results;
            return results.Length == 1 ? Tensor.From<double>(results, []) : Tensor.From<double>(results, [results.Length]);
        }
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="yTrue">Targets, contiguous.</param>
    /// <param name="yPred">Predictions, contiguous.</param>
    /// <param name="sampleWeight">Null, or weights that fit the entries as for a loss.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public abstract void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null);

    /// <summary>Forgets all updates.</summary>
    public abstract void Reset();
}
