using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlatFuse.Training;

public static partial class TrainingRegistry
{
    /// <summary>An optimizer from <c>{"class_name": …, "config": {…}}</c>, or from its name alone.</summary>
    /// <param name="description">JSON.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Optimizer CreateOptimizer(JsonNode description)
    {
        (string className, JsonObject? config) = Split(description, "Optimizer");
        return CreateOptimizer(className, config);
    }

    /// <summary>An optimizer by name.</summary>
    /// <param name="className">Keras's class name, or it in lower case: <c>Adam</c>, <c>adam</c>.</param>
    /// <param name="config">Keras's config; a schedule may stand in <c>learning_rate</c>.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static Optimizer CreateOptimizer(string className, JsonObject? config = null)
    {
        var reader = new ConfigReader($"Optimizer {className}", config);
        reader.Ignore("name", "jit_compile", "is_legacy_optimizer");
        reader.RefuseUnlessOff("loss_scale_factor", "decay");
        Optimizer optimizer = className switch
        {
            "SGD" or "sgd" => new SGD(ReadRate(reader, 0.01))
            {
                Momentum = reader.Double("momentum", 0),
                Nesterov = reader.Boolean("nesterov", false),
            },
            "RMSprop" or "rmsprop" => new RMSprop(ReadRate(reader, 0.001))
            {
                Rho = reader.Double("rho", 0.9),
                Momentum = reader.Double("momentum", 0),
                Epsilon = reader.Double("epsilon", 1e-7),
                Centered = reader.Boolean("centered", false),
            },
            "Adam" or "adam" => new Adam(ReadRate(reader, 0.001))
            {
                Beta1 = reader.Double("beta_1", 0.9),
                Beta2 = reader.Double("beta_2", 0.999),
                Epsilon = reader.Double("epsilon", 1e-7),
                AMSGrad = reader.Boolean("amsgrad", false),
            },
            "AdamW" or "adamw" => new AdamW(ReadRate(reader, 0.001))
            {
                Beta1 = reader.Double("beta_1", 0.9),
                Beta2 = reader.Double("beta_2", 0.999),
                Epsilon = reader.Double("epsilon", 1e-7),
                AMSGrad = reader.Boolean("amsgrad", false),
            },
            "Adamax" or "adamax" => new Adamax(ReadRate(reader, 0.001))
            {
                Beta1 = reader.Double("beta_1", 0.9),
                Beta2 = reader.Double("beta_2", 0.999),
                Epsilon = reader.Double("epsilon", 1e-7),
            },
            "Nadam" or "nadam" => new Nadam(ReadRate(reader, 0.001))
            {
                Beta1 = reader.Double("beta_1", 0.9),
                Beta2 = reader.Double("beta_2", 0.999),
                Epsilon = reader.Double("epsilon", 1e-7),
            },
            "Adagrad" or "adagrad" => new Adagrad(ReadRate(reader, 0.001))
            {
                InitialAccumulatorValue = reader.Double("initial_accumulator_value", 0.1),
                Epsilon = reader.Double("epsilon", 1e-7),
            },
            "Adadelta" or "adadelta" => new Adadelta(ReadRate(reader, 0.001))
            {
                Rho = reader.Double("rho", 0.95),
                Epsilon = reader.Double("epsilon", 1e-7),
            },
            "Lion" or "lion" => new Lion(ReadRate(reader, 0.001))
            {
                Beta1 = reader.Double("beta_1", 0.9),
                Beta2 = reader.Double("beta_2", 0.99),
            },
            "Ftrl" or "ftrl" => new Ftrl(ReadRate(reader, 0.001))
            {
                LearningRatePower = reader.Double("learning_rate_power", -0.5),
                InitialAccumulatorValue = reader.Double("initial_accumulator_value", 0.1),
                L1RegularizationStrength = reader.Double("l1_regularization_strength", 0),
                L2RegularizationStrength = reader.Double("l2_regularization_strength", 0),
                L2ShrinkageRegularizationStrength = reader.Double("l2_shrinkage_regularization_strength", 0),
                Beta = reader.Double("beta", 0),
            },
            _ => throw Unknown("optimizer", className, "SGD, RMSprop, Adam, AdamW, Adamax, Nadam, Adagrad, Adadelta, Lion, Ftrl"),
        };
        optimizer.SetClipping(reader.OptionalDouble("clipnorm"), reader.OptionalDouble("clipvalue"), reader.OptionalDouble("global_clipnorm"));
        optimizer.SetWeightDecay(reader.OptionalDouble("weight_decay") ?? optimizer.WeightDecay);
        optimizer.SetAveraging(
            reader.Boolean("use_ema", false),
            reader.Double("ema_momentum", 0.99),
            reader.OptionalInteger("ema_overwrite_frequency"),
            reader.OptionalInteger("gradient_accumulation_steps"));
        reader.Finish();
        return optimizer;
    }

    /// <summary>The JSON form of an optimizer: what <see cref="CreateOptimizer(JsonNode)"/> reads.</summary>
    /// <param name="optimizer">One of FlatFuse's.</param>
    /// <exception cref="NotSupportedException">The optimizer or its schedule is not one of FlatFuse's.</exception>
    public static JsonObject Describe(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        (string, JsonNode?) rate = ("learning_rate", Describe(optimizer.LearningRate));
        (string, JsonNode?) decay = ("weight_decay", optimizer.WeightDecay), clip = ("clipnorm", optimizer.ClipNorm);
        (string, JsonNode?) globalClip = ("global_clipnorm", optimizer.GlobalClipNorm), clipValue = ("clipvalue", optimizer.ClipValue);
        JsonObject description = optimizer switch
        {
            SGD o => Describe("SGD", rate, ("momentum", o.Momentum), ("nesterov", o.Nesterov), decay, clip, globalClip, clipValue),
            RMSprop o => Describe("RMSprop", rate, ("rho", o.Rho), ("momentum", o.Momentum), ("epsilon", o.Epsilon), ("centered", o.Centered), decay, clip, globalClip, clipValue),
            AdamW o => Describe("AdamW", rate, ("beta_1", o.Beta1), ("beta_2", o.Beta2), ("epsilon", o.Epsilon), ("amsgrad", o.AMSGrad), decay, clip, globalClip, clipValue),
            Adam o => Describe("Adam", rate, ("beta_1", o.Beta1), ("beta_2", o.Beta2), ("epsilon", o.Epsilon), ("amsgrad", o.AMSGrad), decay, clip, globalClip, clipValue),
            Adamax o => Describe("Adamax", rate, ("beta_1", o.Beta1), ("beta_2", o.Beta2), ("epsilon", o.Epsilon), decay, clip, globalClip, clipValue),
            Nadam o => Describe("Nadam", rate, ("beta_1", o.Beta1), ("beta_2", o.Beta2), ("epsilon", o.Epsilon), decay, clip, globalClip, clipValue),
            Adagrad o => Describe("Adagrad", rate, ("initial_accumulator_value", o.InitialAccumulatorValue), ("epsilon", o.Epsilon), decay, clip, globalClip, clipValue),
            Adadelta o => Describe("Adadelta", rate, ("rho", o.Rho), ("epsilon", o.Epsilon), decay, clip, globalClip, clipValue),
            Lion o => Describe("Lion", rate, ("beta_1", o.Beta1), ("beta_2", o.Beta2), decay, clip, globalClip, clipValue),
            Ftrl o => Describe("Ftrl", rate, ("learning_rate_power", o.LearningRatePower), ("initial_accumulator_value", o.InitialAccumulatorValue), ("l1_regularization_strength", o.L1RegularizationStrength), ("l2_regularization_strength", o.L2RegularizationStrength), ("l2_shrinkage_regularization_strength", o.L2ShrinkageRegularizationStrength), ("beta", o.Beta), decay, clip, globalClip, clipValue),
            _ => throw CannotDescribe("Optimizer", optimizer),
        };
        JsonNode config = description["config"]!;
        if (optimizer.UseEma)
        {
            config["use_ema"] = true;
            config["ema_momentum"] = optimizer.EmaMomentum;
            config["ema_overwrite_frequency"] = optimizer.EmaOverwriteFrequency;
        }
        if (optimizer.GradientAccumulationSteps is { } steps)
            config["gradient_accumulation_steps"] = steps;
        return description;
    }

    /// <summary>A number, or the JSON form of a schedule.</summary>
    /// <param name="rate">A learning rate.</param>
    public static JsonNode Describe(LearningRate rate) => rate.Schedule is { } schedule ? Describe(schedule) : JsonValue.Create(rate.At(0));

    private static LearningRate ReadRate(ConfigReader reader, double fallback)
        => reader.Node("learning_rate") is { } node && node.GetValueKind() != JsonValueKind.Number
            ? CreateSchedule(node)
            : reader.Double("learning_rate", fallback);
}
