using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>A copy of weights, its memory taken once.</summary>
internal sealed class WeightCopy
{
    private readonly Parameter[] _weights;

    public WeightCopy(Model model)
        : this(model.Weights.Select(weight => weight.Parameter))
    {
    }

    public WeightCopy(IEnumerable<Parameter> weights)
    {
        _weights = [.. weights];
        Values = [.. _weights.Select(weight => Tensor.Zeros<float>(weight.Shape))];
    }

    public Tensor<float>[] Values { get; }

    public bool IsFilled { get; set; }

    public void Take()
    {
        for (int i = 0; i < Values.Length; i++)
            _weights[i].Value.CopyTo(Values[i].AsSpan());
        IsFilled = true;
    }

    public void Restore()
    {
        for (int i = 0; i < Values.Length; i++)
            _weights[i].Assign(Values[i]);
    }
}
