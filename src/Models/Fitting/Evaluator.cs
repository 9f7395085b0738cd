namespace FlatFuse.Models;

/// <summary>Measures loss and metrics over a data set in inference mode.</summary>
internal static class Evaluator
{
    /// <summary>Returns one number a key of <see cref="CompiledModel.Keys"/>, valid until the next evaluation.</summary>
    public static ReadOnlySpan<double> Run(CompiledModel compiled, SampleSet data, int batchSize)
    {
        compiled.EvaluationLogs.Reset();
        int[] order = [.. Enumerable.Range(0, data.Count)];
        for (int start = 0; start < data.Count; start += batchSize)
        {
            StepPlan plan = compiled.EvaluationPlan(data, Math.Min(batchSize, data.Count - start));
            plan.Forward(data, order, start, compiled.Step);
            compiled.EvaluationLogs.Add(plan);
        }
        return compiled.EvaluationLogs.Values();
    }
}
