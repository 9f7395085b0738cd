using System.Globalization;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>loss = −log softmax(logits)[label]</c> over the last axis, softmax and logarithm fused. Gradient: <c>dlogits = dy · (softmax − onehot)</c>.
    /// </summary>
    /// <param name="logits">(…, classes).</param>
    /// <param name="labels">(…) or (…, 1): whole numbers 0 … classes − 1; read and checked at every run.</param>
    /// <returns>One loss a row: (…).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a label is no class.</exception>
    public static Variable SparseCategoricalCrossentropyFromLogits(Variable logits, Tensor<float> labels)
    {
        const string Name = nameof(SparseCategoricalCrossentropyFromLogits);
        CallContext context = Operands.ContextOf(Name, logits);
        if (logits.Rank == 0)
            Throw.Shape(Name, logits.Shape, "(…, classes)", "Reshape the scalar to one axis at least.");
        ReadOnlySpan<int> rows = logits.Shape[..^1];
        bool fits = labels.Shape.SequenceEqual(rows)
            || (labels.Rank == logits.Rank && labels.Shape[^1] == 1 && labels.Shape[..^1].SequenceEqual(rows));
        if (!fits)
            Throw.Pair(Name, "labels do not fit", logits.Shape, labels.Shape, $"labels {Shapes.Format(rows)}, one a row", "One-hot labels belong to CategoricalCrossentropy.");
        return context.Run(new CrossentropyNode(context, logits, labels, isSparse: true), rows);
    }

    /// <summary>
    /// <c>loss = −Σ target · log softmax(logits)</c> over the last axis, softmax and logarithm fused. Gradient: <c>dlogits = dy · (softmax · Σ target − target)</c>.
    /// </summary>
    /// <param name="logits">(…, classes).</param>
    /// <param name="targets">(…, classes), one-hot or a distribution; read at every run.</param>
    /// <returns>One loss a row: (…).</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Variable CategoricalCrossentropyFromLogits(Variable logits, Tensor<float> targets)
    {
        const string Name = nameof(CategoricalCrossentropyFromLogits);
        CallContext context = Operands.ContextOf(Name, logits);
        if (logits.Rank == 0 || !targets.Shape.SequenceEqual(logits.Shape))
            Throw.Pair(Name, "targets do not fit", logits.Shape, targets.Shape, $"targets {Shapes.Format(logits.Shape)}", "Class numbers belong to SparseCategoricalCrossentropy.");
        return context.Run(new CrossentropyNode(context, logits, targets, isSparse: false), logits.Shape[..^1]);
    }
}

/// <summary>Softmax and cross-entropy in one; keeps the probabilities, from which the gradient follows.</summary>
internal sealed class CrossentropyNode : GradientNode
{
    private readonly Operand _logits;
    private readonly Tensor<float> _labels;
    private readonly Tensor<float>? _labelsCopy;
    private readonly Tensor<float> _probabilities;
    private readonly bool _isSparse;
    private readonly int _rows;
    private readonly int _classes;

    public CrossentropyNode(CallContext context, Variable logits, Tensor<float> labels, bool isSparse)
        : base(context, logits)
    {
        _logits = new Operand(context, logits);
        _labels = labels;
        _labelsCopy = labels.IsContiguous ? null : Keep(labels.Shape);
        _probabilities = Keep(logits.Shape);
        _isSparse = isSparse;
        _classes = logits.Shape[^1];
        _rows = Shapes.Count(logits.Shape[..^1]);
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> labels = ReadLabels();
        if (!_isSparse)
        {
            SoftmaxCrossentropy.ForwardDense(Workers, _rows, _classes, _logits.Read(), labels, _probabilities.AsSpan(), output.AsSpan());
            return;
        }
        int invalid = EmbeddingTable.FirstInvalidId(labels, _classes);
        if (invalid >= 0)
            throw InvalidLabel(labels[invalid], invalid);
        SoftmaxCrossentropy.Forward(Workers, _rows, _classes, _logits.Read(), labels, _probabilities.AsSpan(), output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        GradientDestination dx = destinations[0];
        if (!dx.IsNeeded)
            return;
        if (_isSparse)
            SoftmaxCrossentropy.Backward(Workers, _rows, _classes, _probabilities.AsSpan(), ReadLabels(), dy.AsSpan(), dx.Span, dx.Accumulate);
        else
            SoftmaxCrossentropy.BackwardDense(Workers, _rows, _classes, _probabilities.AsSpan(), ReadLabels(), dy.AsSpan(), dx.Span, dx.Accumulate);
    }

    private ReadOnlySpan<float> ReadLabels()
    {
        if (_labelsCopy is null)
            return _labels.AsSpan();
        _labels.CopyTo(_labelsCopy.AsSpan());
        return _labelsCopy.AsSpan();
    }

    private ArgumentException InvalidLabel(float label, int row)
        => new($"SparseCategoricalCrossentropy: label {label.ToString("R", CultureInfo.InvariantCulture)} of row {row} is none of {_classes} classes; expected whole numbers 0 … {_classes - 1}. Count classes from 0, or widen the last layer.");
}
