namespace FlatFuse.Models;

/// <summary>Measures loss and metrics over a data set in inference mode.</summary>
internal static class Evaluator
{
    /// <summary>Returns one number a key of <see cref="CompiledModel.Keys"/>, valid until the next evaluation.</summary>
    public static ReadOnlySpan<double> Run(CompiledModel compiled, SampleSet data, int batchSize)
    {
        compiled.EvaluationLogs.Reset();
        batchSize = compiled.Model.BatchSizeFor(batchSize, data.Count);
        for (int start = 0; start < data.Count; start += batchSize)
            Add(compiled, data, start, Math.Min(batchSize, data.Count - start));
        return compiled.EvaluationLogs.Values();
    }

    /// <summary>The same over a stream, read once; each batch is checked when it comes.</summary>
    public static ReadOnlySpan<double> Run(CompiledModel compiled, IEnumerable<Batch> batches)
    {
        compiled.EvaluationLogs.Reset();
        int count = 0;
        foreach (Batch batch in batches)
        {
            Add(compiled, batch);
            count++;
        }
        return count > 0 ? compiled.EvaluationLogs.Values() : throw NoBatch(compiled.Model);
    }

    /// <summary>Adds one batch of a stream to the running numbers.</summary>
    public static void Add(CompiledModel compiled, Batch batch)
    {
        SampleSet data = compiled.Model.Samples(compiled, batch);
        Add(compiled, data, 0, data.Count);
    }

    public static ArgumentException NoBatch(Model model)
        => new($"Model '{model.Name}': the stream gave no batch; expected at least one.");

    private static void Add(CompiledModel compiled, SampleSet data, int start, int count)
    {
        StepPlan plan = compiled.EvaluationPlan(data, count);
        plan.Forward(data, order: default, start, compiled.Step);
        compiled.EvaluationLogs.Add(plan);
    }
}
