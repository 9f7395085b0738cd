namespace FlatFuse.Training;

public abstract partial class Metric
{
    /// <summary>The accuracy that fits the output: <c>Compile</c> makes it binary, categorical or sparse as Keras does; see <see cref="Resolve"/>.</summary>
    public static Metric Accuracy { get; } = new AccuracyPlaceholder();

    /// <summary><see cref="MeanSquaredErrorMetric"/>, key <c>mse</c>.</summary>
    public static Metric MeanSquaredError { get; } = new MeanSquaredErrorMetric();

    /// <summary><see cref="MeanAbsoluteErrorMetric"/>, key <c>mae</c>.</summary>
    public static Metric MeanAbsoluteError { get; } = new MeanAbsoluteErrorMetric();
}
