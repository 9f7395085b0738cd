namespace FlatFuse.Models;

/// <summary>One update of the weights.</summary>
internal static class TrainingStep
{
    /// <summary>Runs forward, counts loss and metrics, runs backward and updates; returns the total loss before the update.</summary>
    /// <remarks>A guard that finds a number that is not finite stops the step before the update; moving statistics and recurrent states, too, are as before it.</remarks>
    public static double Run(CompiledModel compiled, SampleSet data, ReadOnlySpan<int> order, int start, int count, TerminateOnNaN? guard = null)
    {
        StepPlan plan = compiled.TrainingPlan(data, count);
        if (guard is not null)
            compiled.KeepState();
        plan.Forward(data, order, start, compiled.Step);
        double loss = compiled.TrainingLogs.Add(plan);
        plan.Backward();
        if (guard is not null && !guard.Accepts(compiled, plan, loss))
            return loss;
        compiled.OptimizerState.Step(compiled.Workers);
        compiled.ApplyConstraints();
        compiled.Step++;
        return loss;
    }
}
