using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>A copy of all weights of a model, its memory taken once.</summary>
internal sealed class WeightCopy
{
    private readonly IReadOnlyList<NamedWeight> _weights;

    public WeightCopy(Model model)
    {
        _weights = model.Weights;
        Values = [.. _weights.Select(weight => Tensor.Zeros<float>(weight.Parameter.Shape))];
    }

    public Tensor<float>[] Values { get; }

    public bool IsFilled { get; set; }

    public void Take()
    {
        for (int i = 0; i < Values.Length; i++)
            _weights[i].Parameter.Value.CopyTo(Values[i].AsSpan());
        IsFilled = true;
    }

    public void Restore()
    {
        for (int i = 0; i < Values.Length; i++)
            _weights[i].Parameter.Assign(Values[i]);
    }
}
