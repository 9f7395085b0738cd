using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// Weights, mask and reduction of any loss. With the weight w and the value v of each entry that counts (not masked, not of the ignored class):
/// <c>L = Σ c·v</c>, <c>c = w / d</c>; the divisor d is the number of entries that count, Σ w, or 1. (Keras multiplies the mask by entries / Σ mask
/// and divides by the number of entries: the same.) Gradient: the loss's own with the coefficients <c>c·dL</c>. Sums in double.
/// </summary>
internal sealed class LossNode : GradientNode
{
    private readonly Loss _loss;
    private readonly Tensor<float> _yTrue;
    private readonly Tensor<float>? _sampleWeight;
    private readonly int[]? _weightIndex;
    private readonly int[] _entries;
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _hasMask;
    private readonly Tensor<float> _coefficients;
    private readonly Tensor<float> _work;
    private readonly Tensor<float> _saved;

    public LossNode(CallContext context, Loss loss, Tensor<float> yTrue, Variable yPred, Tensor<float>? sampleWeight, Variable? mask)
        : base(context, mask is null ? [yPred] : [yPred, mask])
    {
        loss.CheckShapes(yTrue.Shape, yPred.Shape);
        _loss = loss;
        _yTrue = yTrue;
        _sampleWeight = sampleWeight;
        _entries = LossShape.Entries(yPred.Shape).ToArray();
        _columns = LossShape.Columns(yPred.Shape);
        _rows = Shapes.Count(_entries);
        if (sampleWeight is not null)
            _weightIndex = LossShape.WeightIndex($"Loss {loss.Name}", sampleWeight.Shape, _entries);
        _hasMask = mask is not null;
        if (mask is not null && !LossShape.SameUpToLastOne(mask.Shape, _entries))
            throw new ArgumentException($"Loss {loss.Name}: a mask of shape {Shapes.Format(mask.Shape)} does not fit; expected one value an entry, {Shapes.Format(_entries)}.", nameof(mask));
        _coefficients = context.Allocator.Allocate(_rows);
        _work = context.Allocator.Allocate(_rows);
        _saved = context.Allocator.Allocate(loss.SavedLength(_rows, _columns));
    }

    public ReadOnlySpan<int> OutputShape => _loss.Reduction == LossReduction.None ? _entries : [];

    private LossBatch Batch => new()
    {
        Rows = _rows,
        Columns = _columns,
        Target = _yTrue.AsSpan(),
        Prediction = Inputs[0].Value.AsSpan(),
        Saved = _saved.AsSpan(),
        Workers = Workers,
    };

    public override void Forward(Tensor<float> output)
    {
        Span<float> values = _work.AsSpan();
        _loss.Values(Batch, values);
        Span<float> coefficients = _coefficients.AsSpan();
        double factor = WriteWeights(values, coefficients);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += (double)coefficients[i] * values[i];
            coefficients[i] = (float)(coefficients[i] * factor);
        }
        if (_loss.Reduction != LossReduction.None)
        {
            output.AsSpan()[0] = (float)(sum * factor);
            return;
        }
        Span<float> y = output.AsSpan();
        for (int i = 0; i < y.Length; i++)
            y[i] = coefficients[i] * values[i];
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        ReadOnlySpan<float> gradient = dy.AsSpan();
        ReadOnlySpan<float> coefficients = _coefficients.AsSpan();
        Span<float> scaled = _work.AsSpan();
        bool perEntry = _loss.Reduction == LossReduction.None;
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = coefficients[i] * gradient[perEntry ? i : 0];
        _loss.Gradients(Batch, scaled, destinations[0].Span, destinations[0].Accumulate);
    }

    // An entry that does not count gets value and weight 0 here, so that not even a NaN of its prediction reaches the sum.
    private double WriteWeights(Span<float> values, Span<float> weights)
    {
        ReadOnlySpan<float> given = _sampleWeight is null ? [] : _sampleWeight.AsSpan();
        ReadOnlySpan<float> mask = _hasMask ? Inputs[1].Value.AsSpan() : [];
        ReadOnlySpan<float> labels = _loss.IgnoredClass is null ? [] : _yTrue.AsSpan();
        float ignored = _loss.IgnoredClass ?? 0;
        double weightSum = 0;
        int counting = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if ((mask.Length > 0 && mask[i] == 0f) || (labels.Length > 0 && labels[i] == ignored))
            {
                values[i] = 0f;
                weights[i] = 0f;
                continue;
            }
            counting++;
            weights[i] = given.Length == 0 ? 1f : given[_weightIndex is null ? i : _weightIndex[i]];
            weightSum += weights[i];
        }
        return _loss.Reduction switch
        {
            LossReduction.Sum or LossReduction.None => 1,
            LossReduction.MeanWithSampleWeight => weightSum == 0 ? 0 : 1 / weightSum,
            _ => counting == 0 ? 0 : 1.0 / counting,
        };
    }
}
