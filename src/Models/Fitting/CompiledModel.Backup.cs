using System.Globalization;
using FlatFuse.Interop;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

internal sealed partial class CompiledModel
{
    /// <summary>Adds optimizer state and step counter to a file.</summary>
    /// <param name="tensors">The file's.</param>
    /// <param name="repeatsOrder">True in the middle of an epoch that was shuffled: going on takes the same order again.</param>
    public void Backup(NamedTensors tensors, bool repeatsOrder)
    {
        for (int segment = 0; segment < OptimizerState.Segments.Count; segment++)
        {
            for (int slot = 0; slot < OptimizerState.SlotCount; slot++)
                tensors.Add(SlotKey(segment, slot), Tensor.From<float>(OptimizerState.Slot(segment, slot), OptimizerState.Segments[segment].Count));
        }
        tensors.Metadata["iterations"] = OptimizerState.Iterations.ToString(CultureInfo.InvariantCulture);
        tensors.Metadata["step"] = Step.ToString(CultureInfo.InvariantCulture);
        tensors.Metadata["epochs"] = (repeatsOrder ? _epochs - 1 : _epochs).ToString(CultureInfo.InvariantCulture);
        // A schedule follows the iterations; a number may have been changed by a callback.
        if (OptimizerState.LearningRate.Schedule is null)
            tensors.Metadata["learning_rate"] = OptimizerState.CurrentLearningRate.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>True when <see cref="Restore"/> will find all it needs.</summary>
    public bool CanRestore(NamedTensors tensors)
    {
        for (int segment = 0; segment < OptimizerState.Segments.Count; segment++)
        {
            for (int slot = 0; slot < OptimizerState.SlotCount; slot++)
            {
                if (!tensors.TryGetValue(SlotKey(segment, slot), out Tensor? value) || value is not Tensor<float> || value.Count != OptimizerState.Segments[segment].Count)
                    return false;
            }
        }
        return tensors.Metadata.ContainsKey("iterations") && tensors.Metadata.ContainsKey("step") && tensors.Metadata.ContainsKey("epochs");
    }

    /// <summary>Takes optimizer state and step counter from a file.</summary>
    public void Restore(NamedTensors tensors)
    {
        for (int segment = 0; segment < OptimizerState.Segments.Count; segment++)
        {
            for (int slot = 0; slot < OptimizerState.SlotCount; slot++)
                tensors.Get<float>(SlotKey(segment, slot)).CopyTo(OptimizerState.Slot(segment, slot));
        }
        OptimizerState.Iterations = long.Parse(tensors.Metadata["iterations"], CultureInfo.InvariantCulture);
        Step = ulong.Parse(tensors.Metadata["step"], CultureInfo.InvariantCulture);
        _epochs = ulong.Parse(tensors.Metadata["epochs"], CultureInfo.InvariantCulture);
        if (tensors.Metadata.TryGetValue("learning_rate", out string? rate))
            OptimizerState.LearningRate = new LearningRate(double.Parse(rate, CultureInfo.InvariantCulture));
    }

    private static string SlotKey(int segment, int slot) => string.Create(CultureInfo.InvariantCulture, $"optimizer/{segment}/{slot}");
}
