using System.Globalization;
using FlatFuse.Kernels;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>
/// Ends training at the first loss or gradient that is not finite and names where it came from. The step is stopped before its update, so the
/// weights, moving statistics and recurrent states included, stay as the last good step left them. Source: Keras 3, <c>keras.callbacks.TerminateOnNaN</c>, which watches the loss alone.
/// </summary>
public sealed class TerminateOnNaN : Callback
{
    /// <summary>What happened, for example <c>the output of layer 'dense_1' is not finite</c>, with epoch and batch; null while all is well.</summary>
    public string? Reason { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress) => Reason = null;

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingProgress progress)
    {
        if (Reason is null)
            return;
        Reason = string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch + 1}, batch {progress.Batch + 1}: {Reason}; training ends before this batch's update.");
        progress.Output?.WriteLine($"TerminateOnNaN: {Reason}");
        progress.StopTraining = true;
    }

    /// <summary>Looks at a step whose gradients are computed; takes back what the forward pass of a refused one changed.</summary>
    /// <returns>False when the weights must not be updated.</returns>
    internal bool Accepts(CompiledModel compiled, StepPlan plan, double loss)
    {
        if (double.IsFinite(loss) && AreFinite(compiled))
            return true;
        compiled.GiveStateBack();
        try
        {
            Reason = NonFiniteSearch.Run(compiled, plan);
        }
        finally
        {
            // The search is a forward pass of its own.
            compiled.GiveStateBack();
        }
        return false;
    }

    private static bool AreFinite(CompiledModel compiled)
    {
        // By index: an enumerator would be an object a step.
        IReadOnlyList<WeightSegment> segments = compiled.OptimizerState.Segments;
        for (int i = 0; i < segments.Count; i++)
        {
            if (!Reductions.AllFinite(compiled.Workers, segments[i].Gradients.AsSpan()))
                return false;
        }
        return true;
    }
}
