namespace FlatFuse.Models;

/// <summary>Measures loss and metrics over a data set in inference mode.</summary>
internal static class Evaluator
{
    /// <summary>Leaves the numbers in <see cref="CompiledModel.Values"/>.</summary>
    public static void Run(CompiledModel compiled, SampleSet data, int batchSize)
    {
        compiled.ResetLogs();
        int[] order = [.. Enumerable.Range(0, data.Count)];
        for (int start = 0; start < data.Count; start += batchSize)
        {
            StepPlan plan = compiled.EvaluationPlan(data, Math.Min(batchSize, data.Count - start));
            plan.Forward(data, order, start, compiled.Step);
            compiled.Count(plan);
        }
        compiled.UpdateValues();
    }
}
