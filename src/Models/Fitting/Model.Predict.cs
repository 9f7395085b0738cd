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
    public Tensor<float> Predict(Tensor x, int batchSize = 32)
    {
        BuildFor(x);
        CheckSingleOutput();
        Tensor<float>? result = null;
        Predict(x, more: null, new Span<Tensor<float>?>(ref result), batchSize);
        return result!;
    }

    /// <summary>Computes the single output in inference mode. May be called from many threads at once.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>The output, (samples, …), in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model has several outputs (use <see cref="PredictMany(IReadOnlyList{Tensor}, int)"/>), or is in training.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public Tensor<float> Predict(IReadOnlyList<Tensor> x, int batchSize = 32)
    {
        BuildFor(x);
        CheckSingleOutput();
        Tensor<float>? result = null;
        Predict(first: null, x, new Span<Tensor<float>?>(ref result), batchSize);
        return result!;
    }

    /// <summary>Computes all outputs of a model with one input.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>One tensor an output, (samples, …), in memory of its own.</returns>
    public IReadOnlyList<Tensor<float>> PredictMany(Tensor x, int batchSize = 32) => PredictMany([x], batchSize);

    /// <summary>Computes all outputs in inference mode. May be called from many threads at once.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <returns>One tensor an output, (samples, …), in memory of its own.</returns>
    /// <exception cref="InvalidOperationException">The model is in training.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public IReadOnlyList<Tensor<float>> PredictMany(IReadOnlyList<Tensor> x, int batchSize = 32)
    {
        BuildFor(x);
        var results = new Tensor<float>?[Outputs.Count];
        Predict(first: null, x, results, batchSize);
        return results!;
    }

    /// <summary>Computes the single output into memory that is there: once a batch shape has been seen, nothing is allocated. Inputs of other element types are converted in memory that is kept.</summary>
    /// <param name="x">(samples, …), any element type.</param>
    /// <param name="into">Receives the output: contiguous, (samples, …).</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <exception cref="InvalidOperationException">The model has several outputs (use <see cref="PredictMany(IReadOnlyList{Tensor}, IReadOnlyList{Tensor{float}}, int)"/>), or is in training.</exception>
    /// <exception cref="ArgumentException">The data, or <paramref name="into"/>, do not fit the model.</exception>
    public void Predict(Tensor x, Tensor<float> into, int batchSize = 32)
    {
        BuildFor(x);
        CheckSingleOutput();
        Tensor<float>? result = into ?? throw new ArgumentNullException(nameof(into));
        Predict(x, more: null, new Span<Tensor<float>?>(ref result), batchSize);
    }

    /// <summary>Computes the single output into memory that is there.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="into">Receives the output: contiguous, (samples, …).</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <exception cref="InvalidOperationException">The model is in training.</exception>
    /// <exception cref="ArgumentException">The data, or <paramref name="into"/>, do not fit the model.</exception>
    public void Predict(IReadOnlyList<Tensor> x, Tensor<float> into, int batchSize = 32)
    {
        BuildFor(x);
        CheckSingleOutput();
        Tensor<float>? result = into ?? throw new ArgumentNullException(nameof(into));
        Predict(first: null, x, new Span<Tensor<float>?>(ref result), batchSize);
    }

    /// <summary>Computes all outputs into memory that is there.</summary>
    /// <param name="x">One tensor an input, (samples, …), any element type.</param>
    /// <param name="into">One tensor an output: contiguous, (samples, …).</param>
    /// <param name="batchSize">Samples a pass.</param>
    /// <exception cref="InvalidOperationException">The model is in training.</exception>
    /// <exception cref="ArgumentException">The data, or <paramref name="into"/>, do not fit the model.</exception>
    public void PredictMany(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor<float>> into, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(into);
        BuildFor(x);
        if (into.Count != Outputs.Count)
            throw new ArgumentException($"Model '{Name}' has {Outputs.Count} outputs ({string.Join(", ", OutputNames)}); received {into.Count} tensors to write into.", nameof(into));
        var results = new Tensor<float>?[into.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = into[i] ?? throw new ArgumentNullException(nameof(into));
        Predict(first: null, x, results, batchSize);
    }

    private void BuildFor(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!IsReady)
            EnsureBuilt([SymbolicShape.Of(x.Shape)]);
    }

    private void BuildFor(IReadOnlyList<Tensor> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!IsReady)
            EnsureBuilt([.. x.Select(tensor => SymbolicShape.Of(tensor.Shape))]);
    }

    private void CheckSingleOutput()
    {
        if (OutputCount != 1)
            throw new InvalidOperationException($"Model '{Name}' has {Outputs.Count} outputs ({string.Join(", ", OutputNames)}): use PredictMany.");
    }

    // One input by itself, or a list: neither is wrapped into the other.
    private void Predict(Tensor? first, IReadOnlyList<Tensor>? more, Span<Tensor<float>?> results, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int count = more?.Count ?? 1;
        CheckInputCount(count);
        PredictionLane lane = _lanes.TryTake(out PredictionLane? idle) ? idle : new PredictionLane(this);
        try
        {
            for (int i = 0; i < count; i++)
                lane.Take(i, first ?? more![i]);
            SampleSet data = lane.Data();
            // Predictions of a stateful model move its state: they follow each other.
            using ModelUse use = KeepsState ? ModelUse.Exclusive(this, "predicted with", nests: true) : ModelUse.Prediction(this);
            Predict(lane, data, results, batchSize);
        }
        finally
        {
            lane.Forget();
            _lanes.Add(lane);
        }
    }

    private void Predict(PredictionLane lane, SampleSet data, Span<Tensor<float>?> results, int batchSize)
    {
        batchSize = BatchSizeFor(batchSize, data.Count);
        for (int start = 0; start < data.Count; start += batchSize)
        {
            int count = Math.Min(batchSize, data.Count - start);
            StepPlan plan = lane.PlanFor(data, count);
            plan.Forward(data, order: default, start, step: 0);
            for (int i = 0; i < results.Length; i++)
            {
                Tensor<float> batch = plan.Outputs[i].Value;
                Tensor<float> result = results[i] ??= Tensor.Zeros<float>([data.Count, .. batch.Shape[1..]]);
                if (start == 0)
                    CheckResult(i, result, batch, data.Count);
                int size = batch.Count / count;
                batch.CopyTo(result.AsSpan()[(start * size)..]);
            }
        }
    }

    private void CheckResult(int output, Tensor<float> result, Tensor<float> batch, int samples)
    {
        if (!result.IsContiguous || result.Rank != batch.Rank || result.Shape[0] != samples || !result.Shape[1..].SequenceEqual(batch.Shape[1..]))
            throw new ArgumentException($"Model '{Name}': output '{OutputNames[output]}' of {samples} samples has shape {Shapes.Format([samples, .. batch.Shape[1..]])}; the tensor to write into has {Shapes.Format(result.Shape)}{(result.IsContiguous ? "" : " and is not contiguous")}.", "into");
    }
}
