using System.Text.Json.Nodes;

namespace FlatFuse.Training;

public static partial class TrainingRegistry
{
    /// <summary>A schedule from <c>{"class_name": …, "config": {…}}</c>.</summary>
    /// <param name="description">JSON.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static LearningRateSchedule CreateSchedule(JsonNode description)
    {
        (string className, JsonObject? config) = Split(description, "Schedule");
        return CreateSchedule(className, config);
    }

    /// <summary>A schedule by name.</summary>
    /// <param name="className">Keras's class name.</param>
    /// <param name="config">Keras's config.</param>
    /// <exception cref="ArgumentException">The name or a key is unknown, or a value does not fit.</exception>
    public static LearningRateSchedule CreateSchedule(string className, JsonObject? config)
    {
        var reader = new ConfigReader($"Schedule {className}", config);
        reader.Ignore("name");
        LearningRateSchedule schedule = className switch
        {
            "ExponentialDecay" => new ExponentialDecay(
                reader.RequiredDouble("initial_learning_rate"), reader.RequiredDouble("decay_steps"), reader.RequiredDouble("decay_rate"), reader.Boolean("staircase", false)),
            "InverseTimeDecay" => new InverseTimeDecay(
                reader.RequiredDouble("initial_learning_rate"), reader.RequiredDouble("decay_steps"), reader.RequiredDouble("decay_rate"), reader.Boolean("staircase", false)),
            "PolynomialDecay" => new PolynomialDecay(
                reader.RequiredDouble("initial_learning_rate"), reader.RequiredDouble("decay_steps"), reader.Double("end_learning_rate", 0.0001), reader.Double("power", 1), reader.Boolean("cycle", false)),
            "CosineDecay" => new CosineDecay(
                reader.RequiredDouble("initial_learning_rate"), reader.RequiredDouble("decay_steps"), reader.Double("alpha", 0), reader.OptionalDouble("warmup_target"), reader.Double("warmup_steps", 0)),
            "CosineDecayRestarts" => new CosineDecayRestarts(
                reader.RequiredDouble("initial_learning_rate"), reader.RequiredDouble("first_decay_steps"), reader.Double("t_mul", 2), reader.Double("m_mul", 1), reader.Double("alpha", 0)),
            "PiecewiseConstantDecay" => new PiecewiseConstantDecay(Array.ConvertAll(reader.Numbers("boundaries"), s => (long)s), reader.Numbers("values")),
            _ => throw Unknown("schedule", className, "ExponentialDecay, InverseTimeDecay, PolynomialDecay, CosineDecay, CosineDecayRestarts, PiecewiseConstantDecay"),
        };
        reader.Finish();
        return schedule;
    }

    /// <summary>The JSON form of a schedule: what <see cref="CreateSchedule(JsonNode)"/> reads.</summary>
    /// <param name="schedule">One of FlatFuse's.</param>
    /// <exception cref="NotSupportedException">The schedule is not one of FlatFuse's.</exception>
    public static JsonObject Describe(LearningRateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule switch
        {
            ExponentialDecay s => Describe(
                "ExponentialDecay", ("initial_learning_rate", s.InitialLearningRate), ("decay_steps", s.DecaySteps), ("decay_rate", s.DecayRate), ("staircase", s.Staircase)),
            InverseTimeDecay s => Describe(
                "InverseTimeDecay", ("initial_learning_rate", s.InitialLearningRate), ("decay_steps", s.DecaySteps), ("decay_rate", s.DecayRate), ("staircase", s.Staircase)),
            PolynomialDecay s => Describe(
                "PolynomialDecay", ("initial_learning_rate", s.InitialLearningRate), ("decay_steps", s.DecaySteps), ("end_learning_rate", s.EndLearningRate), ("power", s.Power), ("cycle", s.Cycle)),
            CosineDecay s => Describe(
                "CosineDecay", ("initial_learning_rate", s.InitialLearningRate), ("decay_steps", s.DecaySteps), ("alpha", s.Alpha), ("warmup_target", s.WarmupTarget), ("warmup_steps", s.WarmupSteps)),
            CosineDecayRestarts s => Describe(
                "CosineDecayRestarts", ("initial_learning_rate", s.InitialLearningRate), ("first_decay_steps", s.FirstDecaySteps), ("t_mul", s.TMul), ("m_mul", s.MMul), ("alpha", s.Alpha)),
            PiecewiseConstantDecay s => Describe("PiecewiseConstantDecay", ("boundaries", Numbers(s.Boundaries)), ("values", Numbers(s.Values))),
            _ => throw CannotDescribe("Schedule", schedule),
        };
    }

    private static JsonArray Numbers(ReadOnlySpan<long> values)
    {
        var array = new JsonArray();
        foreach (long value in values)
            array.Add((JsonNode)value);
        return array;
    }

    private static JsonArray Numbers(ReadOnlySpan<double> values)
    {
        var array = new JsonArray();
        foreach (double value in values)
            array.Add((JsonNode)value);
        return array;
    }
}
