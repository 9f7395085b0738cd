using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// What one running prediction needs for itself: workers, the plans (arenas) of the batch shapes it has met, and room for inputs of other
/// element types. It is rented for a call, so that a call whose shapes were met before makes no object.
/// </summary>
internal sealed class PredictionLane
{
    // Converted inputs up to 4 MB are kept for the next call.
    private const int MostKept = 1 << 20;

    private readonly Model _model;
    private readonly PlanCache _plans;
    private readonly Tensor<float>[] _inputs;
    private readonly Tensor<float>?[] _converted;
    private readonly SampleSet _data;

    public PredictionLane(Model model)
    {
        var workers = new Workers(model.Kernels, model.Threads);
        _model = model;
        _plans = new PlanCache((data, batch) => new StepPlan(model, compiled: null, training: false, data, batch, workers, model.PoisonsMemory));
        _inputs = new Tensor<float>[model.Inputs.Count];
        _converted = new Tensor<float>?[_inputs.Length];
        _data = new SampleSet(_inputs);
    }

    /// <summary>Checks one input and takes it in.</summary>
    public void Take(int index, Tensor x)
    {
        _model.CheckSamples(index, x.Shape);
        Tensor<float> input = DataDoor.ConvertInput(_model, index, x, _converted[index]);
        if (!ReferenceEquals(input, x))
            _converted[index] = input.Count <= MostKept ? input : null;
        _inputs[index] = input;
    }

    /// <summary>The inputs taken in, checked against each other; valid until <see cref="Forget"/>.</summary>
    public SampleSet Data()
    {
        DataDoor.CheckInputs(_model, _inputs);
        return _data;
    }

    /// <summary>Lets go of the caller's tensors.</summary>
    public void Forget() => Array.Clear(_inputs);

    public StepPlan PlanFor(SampleSet data, int batch) => _plans.For(data, batch);
}
