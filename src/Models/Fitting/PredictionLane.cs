using FlatFuse.Kernels;

namespace FlatFuse.Models;

/// <summary>What one running prediction needs for itself: workers and the plans (arenas) of the batch shapes it has met.</summary>
internal sealed class PredictionLane
{
    private readonly PlanCache _plans;
    private int[] _order = [];

    public PredictionLane(Model model)
    {
        var workers = new Workers(model.Kernels, model.Threads);
        _plans = new PlanCache((data, batch) => new StepPlan(model, compiled: null, training: false, data, batch, workers, model.PoisonsMemory));
    }

    /// <summary>0, 1, … at least <paramref name="count"/> of them.</summary>
    public ReadOnlySpan<int> Order(int count)
    {
        if (_order.Length < count)
            _order = [.. Enumerable.Range(0, count)];
        return _order;
    }

    public StepPlan PlanFor(SampleSet data, int batch) => _plans.For(data, batch);
}
