using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlatFuse.Training;

public static partial class TrainingRegistry
{
    private const string KnownMetrics = "Accuracy, BinaryAccuracy, TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy, Precision, Recall, AUC, BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, RootMeanSquaredError, LogCoshError, CosineSimilarity, Hinge, SquaredHinge, CategoricalHinge, KLDivergence, Poisson, CategoricalAccuracy, SparseCategoricalAccuracy";

    /// <summary>A metric from <c>{"class_name": …, "config": {…}}</c>, or from its name alone.</summary>
    /// <param name="description">JSON.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Metric CreateMetric(JsonNode description)
    {
        (string className, JsonObject? config) = Split(description, "Metric");
        return CreateMetric(className, config);
    }

    /// <summary>A metric by name.</summary>
    /// <param name="className">Keras's class name, its snake case, or its short name: <c>MeanAbsoluteError</c>, <c>mean_absolute_error</c>, <c>mae</c>.</param>
    /// <param name="config">Keras's config; a <c>name</c> in it that is not Keras's default becomes the history key.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Metric CreateMetric(string className, JsonObject? config = null)
    {
        var reader = new ConfigReader($"Metric {className}", config);
        reader.Ignore("dtype");
        string? name = reader.Text("name");
        Metric metric = className switch
        {
            "Accuracy" or "accuracy" or "acc" => Metric.Accuracy,
            "BinaryAccuracy" or "binary_accuracy" => new BinaryAccuracy { Threshold = reader.Double("threshold", 0.5) },
            "TopKCategoricalAccuracy" or "top_k_categorical_accuracy" => new TopKCategoricalAccuracy(reader.Integer("k", 5)),
            "SparseTopKCategoricalAccuracy" or "sparse_top_k_categorical_accuracy" => new SparseTopKCategoricalAccuracy(reader.Integer("k", 5)),
            "Precision" or "precision" => new Precision { Threshold = ReadThreshold(reader) },
            "Recall" or "recall" => new Recall { Threshold = ReadThreshold(reader) },
            "AUC" or "auc" => ReadAUC(reader),
            "BinaryCrossentropy" or "binary_crossentropy" or "bce" => new BinaryCrossentropyMetric(new BinaryCrossentropy
            {
                FromLogits = reader.Boolean("from_logits", false),
                LabelSmoothing = reader.Double("label_smoothing", 0),
            }),
            "CategoricalCrossentropy" or "categorical_crossentropy" => new CategoricalCrossentropyMetric(new CategoricalCrossentropy
            {
                FromLogits = reader.Boolean("from_logits", false),
                LabelSmoothing = reader.Double("label_smoothing", 0),
            }),
            "SparseCategoricalCrossentropy" or "sparse_categorical_crossentropy" => new SparseCategoricalCrossentropyMetric(new SparseCategoricalCrossentropy
            {
                FromLogits = reader.Boolean("from_logits", false),
                IgnoreClass = reader.OptionalInteger("ignore_class"),
            }),
            "MeanSquaredError" or "mean_squared_error" or "mse" or "MSE" => new MeanSquaredErrorMetric(),
            "MeanAbsoluteError" or "mean_absolute_error" or "mae" or "MAE" => new MeanAbsoluteErrorMetric(),
            "MeanAbsolutePercentageError" or "mean_absolute_percentage_error" or "mape" => new MeanAbsolutePercentageErrorMetric(),
            "MeanSquaredLogarithmicError" or "mean_squared_logarithmic_error" or "msle" => new MeanSquaredLogarithmicErrorMetric(),
            "RootMeanSquaredError" or "root_mean_squared_error" or "rmse" => new RootMeanSquaredError(),
            "LogCoshError" or "logcosh" or "log_cosh" => new LogCoshErrorMetric(),
            "CosineSimilarity" or "cosine_similarity" => new CosineSimilarityMetric(),
            "Hinge" or "hinge" => new HingeMetric(),
            "SquaredHinge" or "squared_hinge" => new SquaredHingeMetric(),
            "CategoricalHinge" or "categorical_hinge" => new CategoricalHingeMetric(),
            "KLDivergence" or "kl_divergence" or "kld" => new KLDivergenceMetric(),
            "Poisson" or "poisson" => new PoissonMetric(),
            "CategoricalAccuracy" or "categorical_accuracy" => new CategoricalAccuracy(),
            "SparseCategoricalAccuracy" or "sparse_categorical_accuracy" => new SparseCategoricalAccuracy(),
            _ => throw Unknown("metric", className, KnownMetrics),
        };
        if (reader.Integer("axis", -1) != -1)
            throw reader.Bad("axis", "another", "-1, the last axis");
        reader.Finish();
        return name is null || IsDefault(name, className) ? metric : metric.WithName(name);
    }

    /// <summary>The JSON form of a metric: what <see cref="CreateMetric(JsonNode)"/> reads.</summary>
    /// <param name="metric">One of FlatFuse's.</param>
    /// <exception cref="NotSupportedException">The metric is not one of FlatFuse's.</exception>
    public static JsonObject Describe(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        (string, JsonNode?) name = ("name", metric.Name);
        return metric switch
        {
            AccuracyPlaceholder => Describe("Accuracy", name),
            BinaryAccuracy m => Describe("BinaryAccuracy", name, ("threshold", m.Threshold)),
            TopKCategoricalAccuracy m => Describe("TopKCategoricalAccuracy", name, ("k", m.K)),
            SparseTopKCategoricalAccuracy m => Describe("SparseTopKCategoricalAccuracy", name, ("k", m.K)),
            Precision m => Describe("Precision", name, ("thresholds", m.Threshold)),
            Recall m => Describe("Recall", name, ("thresholds", m.Threshold)),
            AUC m => Describe("AUC", name, ("num_thresholds", m.Thresholds), ("curve", "ROC")),
            BinaryCrossentropyMetric { Loss: BinaryCrossentropy l } => Describe("BinaryCrossentropy", name, ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing)),
            CategoricalCrossentropyMetric { Loss: CategoricalCrossentropy l } => Describe("CategoricalCrossentropy", name, ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing)),
            SparseCategoricalCrossentropyMetric { Loss: SparseCategoricalCrossentropy l } => Describe("SparseCategoricalCrossentropy", name, ("from_logits", l.FromLogits), ("ignore_class", l.IgnoreClass)),
            MeanSquaredErrorMetric => Describe("MeanSquaredError", name),
            MeanAbsoluteErrorMetric => Describe("MeanAbsoluteError", name),
            MeanAbsolutePercentageErrorMetric => Describe("MeanAbsolutePercentageError", name),
            MeanSquaredLogarithmicErrorMetric => Describe("MeanSquaredLogarithmicError", name),
            RootMeanSquaredError => Describe("RootMeanSquaredError", name),
            LogCoshErrorMetric => Describe("LogCoshError", name),
            CosineSimilarityMetric => Describe("CosineSimilarity", name),
            HingeMetric => Describe("Hinge", name),
            SquaredHingeMetric => Describe("SquaredHinge", name),
            CategoricalHingeMetric => Describe("CategoricalHinge", name),
            KLDivergenceMetric => Describe("KLDivergence", name),
            PoissonMetric => Describe("Poisson", name),
            CategoricalAccuracy => Describe("CategoricalAccuracy", name),
            SparseCategoricalAccuracy => Describe("SparseCategoricalAccuracy", name),
            _ => throw CannotDescribe("Metric", metric),
        };
    }

    // Keras writes its own default names, the class's in snake case, into a config; only another name is a wish.
    private static bool IsDefault(string name, string className)
        => name.Replace("_", "", StringComparison.Ordinal).Equals(className.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static AUC ReadAUC(ConfigReader reader)
    {
        reader.RefuseUnlessOff("multi_label", "num_labels", "label_weights", "from_logits", "thresholds");
        if (reader.Text("curve") is { } curve && !curve.Equals("ROC", StringComparison.OrdinalIgnoreCase))
            throw reader.Bad("curve", $"'{curve}'", "ROC");
        if (reader.Text("summation_method") is { } method && method != "interpolation")
            throw reader.Bad("summation_method", $"'{method}'", "interpolation");
        return new AUC(reader.Integer("num_thresholds", 200));
    }

    // Keras takes a number or a list; a list of several would be several results.
    private static double ReadThreshold(ConfigReader reader)
    {
        reader.RefuseUnlessNull("top_k", "class_id");
        if (reader.Node("thresholds") is not { } node || node.GetValueKind() == JsonValueKind.Number)
            return reader.Double("thresholds", 0.5);
        double[] thresholds = reader.Numbers("thresholds");
        return thresholds.Length == 1 ? thresholds[0] : throw reader.Bad("thresholds", node.ToJsonString(), "one number");
    }
}
