using FlatFuse.Kernels;

namespace FlatFuse.Models;

/// <summary>What one running prediction needs for itself: workers and the plans (arenas) of the batch shapes it has met.</summary>
internal sealed class PredictionLane(Model model)
{
    private readonly List<StepPlan> _plans = [];
    private readonly Workers _workers = new(model.Kernels, model.Threads);

    private int[] _order = [];

    /// <summary>0, 1, … at least <paramref name="count"/> of them.</summary>
    public ReadOnlySpan<int> Order(int count)
    {
        if (_order.Length < count)
            _order = [.. Enumerable.Range(0, count)];
        return _order;
    }

    public StepPlan PlanFor(SampleSet data, int batch)
    {
        foreach (StepPlan known in _plans)
        {
            if (known.Fits(data, batch))
                return known;
        }
        var plan = new StepPlan(model, compiled: null, training: false, data, batch, _workers, model.PoisonsMemory);
        _plans.Add(plan);
        return plan;
    }
}
