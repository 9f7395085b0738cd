namespace FlatFuse.Models;

/// <summary>
/// The plans of the batch shapes met last. Data of ever new lengths must not keep an arena for each: the plan that was not used for the
/// longest time goes when there are too many.
/// </summary>
/// <param name="create">Makes the plan of a data set and batch size.</param>
internal sealed class PlanCache(Func<SampleSet, int, StepPlan> create)
{
    // A full and a short last batch, of training and of one other data set; a few lengths more.
    public const int Capacity = 8;

    private readonly List<StepPlan> _latestFirst = [];

    /// <summary>Plans that are kept.</summary>
    public int Count => _latestFirst.Count;

    public StepPlan For(SampleSet data, int batch)
    {
        for (int i = 0; i < _latestFirst.Count; i++)
        {
            StepPlan known = _latestFirst[i];
            if (!known.Fits(data, batch))
                continue;
            _latestFirst.RemoveAt(i);
            _latestFirst.Insert(0, known);
            return known;
        }
        if (_latestFirst.Count == Capacity)
            _latestFirst.RemoveAt(Capacity - 1);
        StepPlan made = create(data, batch);
        _latestFirst.Insert(0, made);
        return made;
    }
}
