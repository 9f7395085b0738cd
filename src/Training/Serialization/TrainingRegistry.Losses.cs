using System.Text.Json.Nodes;

namespace FlatFuse.Training;

public static partial class TrainingRegistry
{
    private const string KnownLosses = "MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Huber, LogCosh, BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy, BinaryFocalCrossentropy, CategoricalFocalCrossentropy, Hinge, SquaredHinge, CategoricalHinge, KLDivergence, Poisson, CosineSimilarity";

    /// <summary>A loss from <c>{"class_name": …, "config": {…}}</c>, or from its name alone.</summary>
    /// <param name="description">JSON.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Loss CreateLoss(JsonNode description)
    {
        (string className, JsonObject? config) = Split(description, "Loss");
        return CreateLoss(className, config);
    }

    /// <summary>A loss by name.</summary>
    /// <param name="className">Keras's class name, its snake case, or its short name: <c>MeanSquaredError</c>, <c>mean_squared_error</c>, <c>mse</c>.</param>
    /// <param name="config">Keras's config; defaults when null.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Loss CreateLoss(string className, JsonObject? config = null)
    {
        var reader = new ConfigReader($"Loss {className}", config);
        reader.Ignore("name", "dtype", "fn");
        LossReduction reduction = ReadReduction(reader);
        if (reader.Integer("axis", -1) != -1)
            throw reader.Bad("axis", reader.Integer("axis", -1).ToString(System.Globalization.CultureInfo.InvariantCulture), "-1, the last axis");
        Loss loss = className switch
        {
            "MeanSquaredError" or "mean_squared_error" or "mse" or "MSE"
                => new MeanSquaredError { Reduction = reduction },
            "MeanAbsoluteError" or "mean_absolute_error" or "mae" or "MAE"
                => new MeanAbsoluteError { Reduction = reduction },
            "MeanAbsolutePercentageError" or "mean_absolute_percentage_error" or "mape" or "MAPE"
                => new MeanAbsolutePercentageError { Reduction = reduction },
            "MeanSquaredLogarithmicError" or "mean_squared_logarithmic_error" or "msle" or "MSLE"
                => new MeanSquaredLogarithmicError { Reduction = reduction },
            "Huber" or "huber" or "huber_loss"
                => new Huber { Delta = reader.Double("delta", 1), Reduction = reduction },
            "LogCosh" or "log_cosh" or "logcosh"
                => new LogCosh { Reduction = reduction },
            "BinaryCrossentropy" or "binary_crossentropy" or "bce" or "BCE"
                => new BinaryCrossentropy { FromLogits = reader.Boolean("from_logits", false), LabelSmoothing = reader.Double("label_smoothing", 0), Reduction = reduction },
            "CategoricalCrossentropy" or "categorical_crossentropy" or "cce"
                => new CategoricalCrossentropy { FromLogits = reader.Boolean("from_logits", false), LabelSmoothing = reader.Double("label_smoothing", 0), Reduction = reduction },
            "SparseCategoricalCrossentropy" or "sparse_categorical_crossentropy" or "scce"
                => new SparseCategoricalCrossentropy { FromLogits = reader.Boolean("from_logits", false), IgnoreClass = reader.OptionalInteger("ignore_class"), Reduction = reduction },
            "BinaryFocalCrossentropy" or "binary_focal_crossentropy"
                => new BinaryFocalCrossentropy { Alpha = reader.Double("alpha", 0.25), Gamma = reader.Double("gamma", 2), ApplyClassBalancing = reader.Boolean("apply_class_balancing", false), FromLogits = reader.Boolean("from_logits", false), LabelSmoothing = reader.Double("label_smoothing", 0), Reduction = reduction },
            "CategoricalFocalCrossentropy" or "categorical_focal_crossentropy"
                => new CategoricalFocalCrossentropy { Alpha = reader.Double("alpha", 0.25), Gamma = reader.Double("gamma", 2), FromLogits = reader.Boolean("from_logits", false), LabelSmoothing = reader.Double("label_smoothing", 0), Reduction = reduction },
            "Hinge" or "hinge"
                => new Hinge { Reduction = reduction },
            "SquaredHinge" or "squared_hinge"
                => new SquaredHinge { Reduction = reduction },
            "CategoricalHinge" or "categorical_hinge"
                => new CategoricalHinge { Reduction = reduction },
            "KLDivergence" or "kl_divergence" or "kld" or "KLD"
                => new KLDivergence { Reduction = reduction },
            "Poisson" or "poisson"
                => new Poisson { Reduction = reduction },
            "CosineSimilarity" or "cosine_similarity"
                => new CosineSimilarity { Reduction = reduction },
            _ => throw Unknown("loss", className, KnownLosses),
        };
        reader.Finish();
        return loss;
    }

    /// <summary>The JSON form of a loss: what <see cref="CreateLoss(JsonNode)"/> reads.</summary>
    /// <param name="loss">One of FlatFuse's.</param>
    /// <exception cref="NotSupportedException">The loss is not one of FlatFuse's.</exception>
    public static JsonObject Describe(Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        (string, JsonNode?) reduction = ("reduction", SpellReduction(loss.Reduction));
        return loss switch
        {
            MeanSquaredError => Describe("MeanSquaredError", reduction),
            MeanAbsoluteError => Describe("MeanAbsoluteError", reduction),
            MeanAbsolutePercentageError => Describe("MeanAbsolutePercentageError", reduction),
            MeanSquaredLogarithmicError => Describe("MeanSquaredLogarithmicError", reduction),
            Huber l => Describe("Huber", ("delta", l.Delta), reduction),
            LogCosh => Describe("LogCosh", reduction),
            BinaryCrossentropy l => Describe("BinaryCrossentropy", ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing), reduction),
            CategoricalCrossentropy l => Describe("CategoricalCrossentropy", ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing), reduction),
            SparseCategoricalCrossentropy l => Describe("SparseCategoricalCrossentropy", ("from_logits", l.FromLogits), ("ignore_class", l.IgnoreClass), reduction),
            BinaryFocalCrossentropy l => Describe("BinaryFocalCrossentropy", ("alpha", l.Alpha), ("gamma", l.Gamma), ("apply_class_balancing", l.ApplyClassBalancing), ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing), reduction),
            CategoricalFocalCrossentropy l => Describe("CategoricalFocalCrossentropy", ("alpha", l.Alpha), ("gamma", l.Gamma), ("from_logits", l.FromLogits), ("label_smoothing", l.LabelSmoothing), reduction),
            Hinge => Describe("Hinge", reduction),
            SquaredHinge => Describe("SquaredHinge", reduction),
            CategoricalHinge => Describe("CategoricalHinge", reduction),
            KLDivergence => Describe("KLDivergence", reduction),
            Poisson => Describe("Poisson", reduction),
            CosineSimilarity => Describe("CosineSimilarity", reduction),
            _ => throw CannotDescribe("Loss", loss),
        };
    }

    private static LossReduction ReadReduction(ConfigReader reader)
        => reader.Text("reduction") switch
        {
            null when reader.Has("reduction") => LossReduction.None,
            null or "sum_over_batch_size" or "auto" => LossReduction.SumOverBatchSize,
            "sum" => LossReduction.Sum,
            "none" => LossReduction.None,
            "mean_with_sample_weight" => LossReduction.MeanWithSampleWeight,
            "mean" => LossReduction.Mean,
            { } other => throw reader.Bad("reduction", $"'{other}'", "sum_over_batch_size, sum, none, mean_with_sample_weight or mean"),
        };

    private static string SpellReduction(LossReduction reduction)
        => reduction switch
        {
            LossReduction.Sum => "sum",
            LossReduction.None => "none",
            LossReduction.MeanWithSampleWeight => "mean_with_sample_weight",
            LossReduction.Mean => "mean",
            _ => "sum_over_batch_size",
        };
}
