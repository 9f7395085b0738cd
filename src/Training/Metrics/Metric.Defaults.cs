namespace FlatFuse.Training;

public abstract partial class Metric
{
    /// <summary>The accuracy that fits the output: <c>Compile</c> makes it binary, categorical or sparse as Keras does; see <see cref="Resolve"/>.</summary>
    public static Metric Accuracy { get; } = new AccuracyPlaceholder();

    /// <summary><see cref="MeanSquaredErrorMetric"/>, key <c>mse</c>.</summary>
    public static Metric MeanSquaredError { get; } = new MeanSquaredErrorMetric();

    /// <summary><see cref="MeanAbsoluteErrorMetric"/>, key <c>mae</c>.</summary>
    public static Metric MeanAbsoluteError { get; } = new MeanAbsoluteErrorMetric();

    /// <summary><see cref="Training.RootMeanSquaredError"/>.</summary>
    public static Metric RootMeanSquaredError { get; } = new RootMeanSquaredError();

    /// <summary><see cref="Training.Precision"/> at threshold 0.5.</summary>
    public static Metric Precision { get; } = new Precision();

    /// <summary><see cref="Training.Recall"/> at threshold 0.5.</summary>
    public static Metric Recall { get; } = new Recall();

    /// <summary><see cref="Training.AUC"/> with 200 thresholds.</summary>
    public static Metric AUC { get; } = new AUC();
}
