using System.Globalization;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>Loss and metrics over the batches since the last reset: one of these for training, one for evaluation.</summary>
internal sealed class RunningLogs
{
    private readonly IReadOnlyList<double> _lossWeights;
    private readonly MetricState[][] _metrics;
    private readonly MetricState[][] _weighted;
    private readonly double[] _lossSums;
    private readonly double[] _values;
    private double _addedSum;
    private double _samples;

    public RunningLogs(CompiledModel compiled)
    {
        _lossWeights = compiled.LossWeights;
        _metrics = States(compiled.Metrics);
        _weighted = States(compiled.WeightedMetrics);
        _lossSums = new double[compiled.Losses.Count];
        _values = new double[compiled.Keys.Count];
    }

    public void Reset()
    {
        _samples = 0;
        _addedSum = 0;
        Array.Clear(_lossSums);
        Reset(_metrics);
        Reset(_weighted);
    }

    /// <summary>Adds a batch and returns its total loss.</summary>
    public double Add(StepPlan plan)
    {
        double total = plan.AddedLoss();
        _addedSum += total * plan.BatchSize;
        for (int i = 0; i < _lossSums.Length; i++)
        {
            double loss = plan.LossOf(i);
            total += _lossWeights[i] * loss;
            _lossSums[i] += loss * plan.BatchSize;
        }
        _samples += plan.BatchSize;
        for (int i = 0; i < _metrics.Length; i++)
        {
            foreach (MetricState state in _metrics[i])
                state.Update(plan.Targets[i], plan.Outputs[i].Value);
            foreach (MetricState state in _weighted[i])
                state.Update(plan.Targets[i], plan.Outputs[i].Value, plan.MetricWeights(i));
        }
        return total;
    }

    /// <summary>The numbers so far, one a key; losses are the batches' means weighted by batch size. Valid until the next call.</summary>
    public ReadOnlySpan<double> Values()
    {
        int position = 1;
        _values[0] = _addedSum / _samples;
        for (int i = 0; i < _lossSums.Length; i++)
        {
            double mean = _lossSums[i] / _samples;
            _values[0] += _lossWeights[i] * mean;
            if (_lossSums.Length > 1)
                _values[position++] = mean;
        }
        position = Write(_metrics, position);
        Write(_weighted, position);
        return _values;
    }

    /// <summary>What stands behind <paramref name="values"/>, which <see cref="Values"/> gave: the details of the metrics, and losses as they are.</summary>
    public Tensor<double>[] Details(ReadOnlySpan<double> values)
    {
        Tensor<double>[] metrics = [.. _metrics.Concat(_weighted).SelectMany(list => list).Select(state => state.Details)];
        var details = new Tensor<double>[values.Length];
        int losses = details.Length - metrics.Length;
        for (int i = 0; i < losses; i++)
            details[i] = Tensor.From<double>(values.Slice(i, 1), []);
        metrics.CopyTo(details, losses);
        return details;
    }

    /// <summary>Writes the sums of the losses.</summary>
    public void Backup(CallbackState state)
    {
        state.Write("samples", _samples);
        state.Write("added", _addedSum);
        for (int i = 0; i < _lossSums.Length; i++)
            state.Write(LossKey(i), _lossSums[i]);
    }

    /// <summary>Begins with the sums that were written; metrics begin anew.</summary>
    public void Restore(CallbackState state)
    {
        Reset();
        _samples = state.Read("samples") ?? 0;
        _addedSum = state.Read("added") ?? 0;
        for (int i = 0; i < _lossSums.Length; i++)
            _lossSums[i] = state.Read(LossKey(i)) ?? 0;
    }

    private static string LossKey(int output) => string.Create(CultureInfo.InvariantCulture, $"loss/{output}");

    private static MetricState[][] States(IReadOnlyList<IReadOnlyList<Metric>> metrics)
        => [.. metrics.Select(list => list.Select(metric => metric.CreateState()).ToArray())];

    private static void Reset(MetricState[][] metrics)
    {
        foreach (MetricState[] states in metrics)
        {
            foreach (MetricState state in states)
                state.Reset();
        }
    }

    private int Write(MetricState[][] metrics, int position)
    {
        foreach (MetricState[] states in metrics)
        {
            foreach (MetricState state in states)
                _values[position++] = state.Result;
        }
        return position;
    }
}
