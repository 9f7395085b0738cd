using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlatFuse.Training;

public static partial class TrainingRegistry
{
    private const string KnownMetrics = "Accuracy, BinaryAccuracy, TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy, Precision, Recall, AUC, F1Score, FBetaScore, TruePositives, TrueNegatives, FalsePositives, FalseNegatives, SensitivityAtSpecificity, SpecificityAtSensitivity, PrecisionAtRecall, RecallAtPrecision, MeanIoU, IoU, BinaryIoU, OneHotIoU, OneHotMeanIoU, ConfusionMatrix, R2Score, PearsonCorrelation, ConcordanceCorrelation, BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, RootMeanSquaredError, LogCoshError, CosineSimilarity, Hinge, SquaredHinge, CategoricalHinge, KLDivergence, Poisson, CategoricalAccuracy, SparseCategoricalAccuracy";

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
            "Precision" or "precision" => new Precision { GivenThresholds = ReadThresholds(reader), TopK = reader.OptionalInteger("top_k"), ClassId = reader.OptionalInteger("class_id") },
            "Recall" or "recall" => new Recall { GivenThresholds = ReadThresholds(reader), TopK = reader.OptionalInteger("top_k"), ClassId = reader.OptionalInteger("class_id") },
            "AUC" or "auc" => ReadAUC(reader),
            "F1Score" or "f1_score" => new F1Score { Average = ReadAverage(reader), Threshold = reader.OptionalDouble("threshold") },
            "FBetaScore" or "fbeta_score" => new FBetaScore(reader.Double("beta", 1)) { Average = ReadAverage(reader), Threshold = reader.OptionalDouble("threshold") },
            "MeanIoU" or "mean_io_u" => new MeanIoU((int)reader.RequiredDouble("num_classes"))
            {
                IgnoreClass = reader.OptionalInteger("ignore_class"),
                SparseTargets = reader.Boolean("sparse_y_true", true),
                SparsePredictions = reader.Boolean("sparse_y_pred", true),
            },
            "IoU" or "io_u" => new IoU((int)reader.RequiredDouble("num_classes"), ClassIds(reader))
            {
                IgnoreClass = reader.OptionalInteger("ignore_class"),
                SparseTargets = reader.Boolean("sparse_y_true", true),
                SparsePredictions = reader.Boolean("sparse_y_pred", true),
            },
            "BinaryIoU" or "binary_io_u" => new BinaryIoU(reader.Node("target_class_ids") is null ? [] : ClassIds(reader)) { Threshold = reader.Double("threshold", 0.5) },
            "OneHotIoU" or "one_hot_io_u" => new OneHotIoU((int)reader.RequiredDouble("num_classes"), ClassIds(reader))
            {
                IgnoreClass = reader.OptionalInteger("ignore_class"),
                SparsePredictions = reader.Boolean("sparse_y_pred", false),
            },
            "OneHotMeanIoU" or "one_hot_mean_io_u" => new OneHotMeanIoU((int)reader.RequiredDouble("num_classes"))
            {
                IgnoreClass = reader.OptionalInteger("ignore_class"),
                SparsePredictions = reader.Boolean("sparse_y_pred", false),
            },
            "TruePositives" or "true_positives" => new TruePositives { Thresholds = ReadThresholds(reader) ?? [0.5] },
            "TrueNegatives" or "true_negatives" => new TrueNegatives { Thresholds = ReadThresholds(reader) ?? [0.5] },
            "FalsePositives" or "false_positives" => new FalsePositives { Thresholds = ReadThresholds(reader) ?? [0.5] },
            "FalseNegatives" or "false_negatives" => new FalseNegatives { Thresholds = ReadThresholds(reader) ?? [0.5] },
            "SensitivityAtSpecificity" or "sensitivity_at_specificity"
                => new SensitivityAtSpecificity(reader.RequiredDouble("specificity"), reader.Integer("num_thresholds", 200)) { ClassId = reader.OptionalInteger("class_id") },
            "SpecificityAtSensitivity" or "specificity_at_sensitivity"
                => new SpecificityAtSensitivity(reader.RequiredDouble("sensitivity"), reader.Integer("num_thresholds", 200)) { ClassId = reader.OptionalInteger("class_id") },
            "PrecisionAtRecall" or "precision_at_recall"
                => new PrecisionAtRecall(reader.RequiredDouble("recall"), reader.Integer("num_thresholds", 200)) { ClassId = reader.OptionalInteger("class_id") },
            "RecallAtPrecision" or "recall_at_precision"
                => new RecallAtPrecision(reader.RequiredDouble("precision"), reader.Integer("num_thresholds", 200)) { ClassId = reader.OptionalInteger("class_id") },
            "R2Score" or "r2_score" => new R2Score { ClassAggregation = ReadAggregation(reader), NumRegressors = reader.Integer("num_regressors", 0) },
            "PearsonCorrelation" or "pearson_correlation" => new PearsonCorrelation(),
            "ConcordanceCorrelation" or "concordance_correlation" => new ConcordanceCorrelation(),
            "ConfusionMatrix" or "confusion_matrix" => new ConfusionMatrix((int)reader.RequiredDouble("num_classes")),
            "BinaryCrossentropy" or "binary_crossentropy" or "bce" or "BCE" => new BinaryCrossentropyMetric(new BinaryCrossentropy
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
            "MeanAbsolutePercentageError" or "mean_absolute_percentage_error" or "mape" or "MAPE" => new MeanAbsolutePercentageErrorMetric(),
            "MeanSquaredLogarithmicError" or "mean_squared_logarithmic_error" or "msle" or "MSLE" => new MeanSquaredLogarithmicErrorMetric(),
            "RootMeanSquaredError" or "root_mean_squared_error" or "rmse" => new RootMeanSquaredError(),
            "LogCoshError" or "logcosh" or "log_cosh" => new LogCoshErrorMetric(),
            "CosineSimilarity" or "cosine_similarity" => new CosineSimilarityMetric(),
            "Hinge" or "hinge" => new HingeMetric(),
            "SquaredHinge" or "squared_hinge" => new SquaredHingeMetric(),
            "CategoricalHinge" or "categorical_hinge" => new CategoricalHingeMetric(),
            "KLDivergence" or "kl_divergence" or "kld" or "KLD" => new KLDivergenceMetric(),
            "Poisson" or "poisson" => new PoissonMetric(),
            "CategoricalAccuracy" or "categorical_accuracy" => new CategoricalAccuracy(),
            "SparseCategoricalAccuracy" or "sparse_categorical_accuracy" => new SparseCategoricalAccuracy(),
            _ => throw Unknown("metric", className, KnownMetrics),
        };
        if (reader.Integer("axis", -1) != -1)
            throw reader.Bad("axis", "another", "-1, the last axis");
        reader.Finish();
        return name is null || IsDefault(name, className) || name == metric.Name ? metric : metric.WithName(name);
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
            HitShare m => Describe(m.GetType().Name, name, ("thresholds", WriteThresholds(m.GivenThresholds, m.TopK)), ("top_k", m.TopK), ("class_id", m.ClassId)),
            AUC m => DescribeAUC(m),
            F1Score m => Describe("F1Score", name, ("average", Spell(m.Average)), ("threshold", m.Threshold)),
            FBetaScore m => Describe("FBetaScore", name, ("average", Spell(m.Average)), ("beta", m.Beta), ("threshold", m.Threshold)),
            MeanIoU m => Describe("MeanIoU", name, ("num_classes", m.Classes), ("ignore_class", m.IgnoreClass), ("sparse_y_true", m.SparseTargets), ("sparse_y_pred", m.SparsePredictions)),
            IoU m => Describe("IoU", name, ("num_classes", m.Classes), ("target_class_ids", WriteNumbers([.. m.TargetClassIds.Select(id => (double)id)])), ("ignore_class", m.IgnoreClass), ("sparse_y_true", m.SparseTargets), ("sparse_y_pred", m.SparsePredictions)),
            BinaryIoU m => Describe("BinaryIoU", name, ("target_class_ids", WriteNumbers([.. m.TargetClassIds.Select(id => (double)id)])), ("threshold", m.Threshold)),
            OneHotIoU m => Describe("OneHotIoU", name, ("num_classes", m.Classes), ("target_class_ids", WriteNumbers([.. m.TargetClassIds.Select(id => (double)id)])), ("ignore_class", m.IgnoreClass), ("sparse_y_pred", m.SparsePredictions)),
            OneHotMeanIoU m => Describe("OneHotMeanIoU", name, ("num_classes", m.Classes), ("ignore_class", m.IgnoreClass), ("sparse_y_pred", m.SparsePredictions)),
            ConditionCount m => Describe(m.GetType().Name, name, ("thresholds", WriteThresholds(m.Thresholds, topK: null))),
            SensitivityAtSpecificity m => Describe("SensitivityAtSpecificity", name, ("specificity", m.LeastSpecificity), ("num_thresholds", m.ThresholdCount), ("class_id", m.ClassId)),
            SpecificityAtSensitivity m => Describe("SpecificityAtSensitivity", name, ("sensitivity", m.LeastSensitivity), ("num_thresholds", m.ThresholdCount), ("class_id", m.ClassId)),
            PrecisionAtRecall m => Describe("PrecisionAtRecall", name, ("recall", m.LeastRecall), ("num_thresholds", m.ThresholdCount), ("class_id", m.ClassId)),
            RecallAtPrecision m => Describe("RecallAtPrecision", name, ("precision", m.LeastPrecision), ("num_thresholds", m.ThresholdCount), ("class_id", m.ClassId)),
            R2Score m => Describe("R2Score", name, ("class_aggregation", Spell(m.ClassAggregation)), ("num_regressors", m.NumRegressors)),
            PearsonCorrelation => Describe("PearsonCorrelation", name),
            ConcordanceCorrelation => Describe("ConcordanceCorrelation", name),
            ConfusionMatrix m => Describe("ConfusionMatrix", name, ("num_classes", m.Classes)),
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
        return new AUC(reader.Integer("num_thresholds", 200))
        {
            Curve = reader.Text("curve")?.ToUpperInvariant() switch
            {
                null or "ROC" => AUCCurve.ROC,
                "PR" or "PRECISION-RECALL" => AUCCurve.PR,
                "PRGAIN" => AUCCurve.PRGain,
                string other => throw reader.Bad("curve", $"'{other}'", "ROC, PR or PRGAIN"),
            },
            Summation = reader.Text("summation_method") switch
            {
                null or "interpolation" => AUCSummation.Interpolation,
                "minoring" => AUCSummation.Minoring,
                "majoring" => AUCSummation.Majoring,
                string other => throw reader.Bad("summation_method", $"'{other}'", "interpolation, minoring or majoring"),
            },
            InnerThresholds = reader.Node("thresholds") is null ? null : reader.Numbers("thresholds"),
            MultiLabel = reader.Boolean("multi_label", false),
            NumLabels = reader.OptionalInteger("num_labels"),
            LabelWeights = reader.Node("label_weights") is null ? null : reader.Numbers("label_weights"),
            FromLogits = reader.Boolean("from_logits", false),
        };
    }

    // Options that are not set are left out: Keras's defaults are the same.
    private static JsonObject DescribeAUC(AUC metric)
    {
        JsonObject description = Describe(
            "AUC", ("name", metric.Name), ("num_thresholds", metric.Thresholds), ("curve", metric.Curve.ToString().ToUpperInvariant()), ("summation_method", Spell(metric.Summation)));
        JsonObject config = description["config"]!.AsObject();
        if (metric.InnerThresholds is { } thresholds)
            config["thresholds"] = WriteNumbers(thresholds);
        if (metric.MultiLabel)
            config["multi_label"] = true;
        if (metric.NumLabels is { } labels)
            config["num_labels"] = labels;
        if (metric.LabelWeights is { } weights)
            config["label_weights"] = WriteNumbers(weights);
        if (metric.FromLogits)
            config["from_logits"] = true;
        return description;
    }

    private static string Spell(AUCSummation summation) => summation switch
    {
        AUCSummation.Minoring => "minoring",
        AUCSummation.Majoring => "majoring",
        _ => "interpolation",
    };

    private static int[] ClassIds(ConfigReader reader) => Array.ConvertAll(reader.Numbers("target_class_ids"), id => (int)id);

    // Keras's null asks for no aggregation; missing is its default.
    private static R2Aggregation ReadAggregation(ConfigReader reader) => reader.Text("class_aggregation") switch
    {
        null when reader.Has("class_aggregation") => R2Aggregation.None,
        null or "uniform_average" => R2Aggregation.UniformAverage,
        "variance_weighted_average" => R2Aggregation.VarianceWeightedAverage,
        string other => throw reader.Bad("class_aggregation", $"'{other}'", "uniform_average, variance_weighted_average or null"),
    };

    private static string? Spell(R2Aggregation aggregation) => aggregation switch
    {
        R2Aggregation.UniformAverage => "uniform_average",
        R2Aggregation.VarianceWeightedAverage => "variance_weighted_average",
        _ => null,
    };

    private static Averaging ReadAverage(ConfigReader reader) => reader.Text("average") switch
    {
        null => Averaging.None,
        "micro" => Averaging.Micro,
        "macro" => Averaging.Macro,
        "weighted" => Averaging.Weighted,
        string other => throw reader.Bad("average", $"'{other}'", "micro, macro, weighted or null"),
    };

    private static string? Spell(Averaging average) => average switch
    {
        Averaging.Micro => "micro",
        Averaging.Macro => "macro",
        Averaging.Weighted => "weighted",
        _ => null,
    };

    // Keras takes a number or a list; null is 0.5, or everything among the top k.
    private static double[]? ReadThresholds(ConfigReader reader)
        => reader.Node("thresholds") is not { } node ? null : node.GetValueKind() == JsonValueKind.Number ? [reader.Double("thresholds", 0.5)] : reader.Numbers("thresholds");

    private static JsonNode? WriteThresholds(IReadOnlyList<double>? thresholds, int? topK)
    {
        if (thresholds is null)
            return topK is null ? 0.5 : null;
        if (thresholds.Count == 1)
            return thresholds[0];
        return WriteNumbers(thresholds);
    }

    private static JsonArray WriteNumbers(IReadOnlyList<double> numbers)
    {
        var list = new JsonArray();
        foreach (double number in numbers)
            list.Add((JsonNode)number);
        return list;
    }
}
