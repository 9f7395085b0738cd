using System.Collections.Concurrent;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    private readonly ConcurrentBag<PredictionLane> _lanes = [];

    /// <summary>Computes the single output of a model with one input.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>The output, (samples, …), in memory of its own.</returns>
    public Tensor<float> Predict(Tensor x, int batchSize = 32) => Predict([x], batchSize);

    /// <summary>Computes the single output in inference mode. May be called from many threads at once.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>The output, (samples, …), in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model has several outputs (use <see cref="PredictMany"/>), or is in training.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public Tensor<float> Predict(IReadOnlyList<Tensor> x, int batchSize = 32)
        => OutputCount == 1
            ? PredictMany(x, batchSize)[0]
            : throw new InvalidOperationException($"Model '{Name}' has {Outputs.Count} outputs ({string.Join(", ", OutputNames)}): use PredictMany.");

    /// <summary>Computes all outputs in inference mode. May be called from many threads at once.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>One tensor an output, (samples, …), in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model is in training.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public IReadOnlyList<Tensor<float>> PredictMany(IReadOnlyList<Tensor> x, int batchSize = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        EnsureBuilt([.. x.Select(tensor => SymbolicShape.Of(tensor.Shape))]);
        var data = new SampleSet(DataDoor.Inputs(this, x), [], []);
        // Predictions of a stateful model move its state: they follow each other.
        bool stateful = KeepsState;
        bool entered = stateful ? _gate.BeginExclusive(Name, "predicted with", nests: true) : _gate.BeginPrediction(Name);
        PredictionLane lane = _lanes.TryTake(out PredictionLane? idle) ? idle : new PredictionLane(this);
        try
        {
            return Predict(lane, data, batchSize);
        }
        finally
        {
            _lanes.Add(lane);
            if (entered && stateful)
                _gate.EndExclusive();
            else if (entered)
                _gate.EndPrediction();
        }
    }

    private Tensor<float>[] Predict(PredictionLane lane, SampleSet data, int batchSize)
    {
        var results = new Tensor<float>[Outputs.Count];
        int[] order = [.. Enumerable.Range(0, data.Count)];
        for (int start = 0; start < data.Count; start += batchSize)
        {
            int count = Math.Min(batchSize, data.Count - start);
            StepPlan plan = lane.PlanFor(data, count);
            plan.Forward(data, order, start, step: 0);
            for (int i = 0; i < results.Length; i++)
            {
                Tensor<float> batch = plan.Outputs[i].Value;
                results[i] ??= Tensor.Zeros<float>([data.Count, .. batch.Shape[1..]]);
                int size = batch.Count / count;
                batch.CopyTo(results[i].AsSpan()[(start * size)..]);
            }
        }
        return results;
    }
}
