namespace FlatFuse.Models;

/// <summary>One update of the weights.</summary>
internal static class TrainingStep
{
    /// <summary>Runs forward, counts loss and metrics, runs backward and updates; returns the total loss before the update.</summary>
    public static double Run(CompiledModel compiled, SampleSet data, ReadOnlySpan<int> order, int start, int count)
    {
        StepPlan plan = compiled.TrainingPlan(data, count);
        plan.Forward(data, order, start, compiled.Step);
        double loss = compiled.TrainingLogs.Add(plan);
        plan.Backward();
        compiled.OptimizerState.Step(compiled.Workers);
        compiled.Step++;
        return loss;
    }
}
