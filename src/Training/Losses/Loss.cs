using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// What training makes small. A loss is an immutable description: it says for each entry (each row of the predictions' last axis) the
/// value and the gradient; weights, masks and the reduction are the same for all and live in <see cref="LossNode"/>.
/// </summary>
/// <remarks>
/// An own loss overrides <see cref="Values"/> and <see cref="Gradients"/>. Formulas follow Keras 3 throughout; ε = 1e-7.
/// </remarks>
public abstract partial class Loss
{
    /// <summary>Keras's epsilon: keeps logarithms and quotients finite.</summary>
    protected internal const float Epsilon = 1e-7f;

    /// <summary>Names a loss.</summary>
    /// <param name="name">Keras's snake-case name, for example <c>mean_squared_error</c>.</param>
    protected Loss(string name) => Name = name;

    /// <summary>Keras's snake-case name.</summary>
    public string Name { get; }

    /// <summary>How the entries' losses become one number.</summary>
    public LossReduction Reduction { get; init; } = LossReduction.SumOverBatchSize;

    /// <summary>True when a target is one class number an entry instead of the predictions' shape.</summary>
    public virtual bool TakesClassNumbers => false;

    /// <summary>The class number whose entries count nothing; null when there is none.</summary>
    protected internal virtual int? IgnoredClass => null;

    /// <summary>
    /// The loss of a batch as one node. Output: a scalar, or the entries' shape under <see cref="LossReduction.None"/>. Target, weights and mask are
    /// read at every run, so a captured step can be replayed on new numbers in the same tensors.
    /// </summary>
    /// <param name="yTrue">Targets, contiguous: <c>(batch, …, C)</c> like the predictions, or <c>(batch, …)</c> or <c>(batch, …, 1)</c> for class numbers.
    /// Where C is 1 the last axis may be missing.</param>
    /// <param name="yPred">Predictions <c>(batch, …, C)</c>; the only input that gets a gradient.</param>
    /// <param name="sampleWeight">Null, or the entries' shape <c>(batch, …)</c> where 1 repeats, contiguous.</param>
    /// <param name="mask">Null, or the entries' shape, 1 where an entry counts. Masked entries count nothing and the mean is over the others.</param>
    /// <exception cref="ArgumentException">Shapes do not fit; labels are never broadcast.</exception>
    public Variable Compute(Tensor<float> yTrue, Variable yPred, Tensor<float>? sampleWeight = null, Variable? mask = null)
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        ArgumentNullException.ThrowIfNull(yPred);
        CallContext context = yPred.Context
            ?? throw new ArgumentException($"Loss {Name}: a parameter is no prediction; compute something from it first.", nameof(yPred));
        var node = new LossNode(context, this, yTrue, yPred, sampleWeight, mask);
        return context.Run(node, node.OutputShape);
    }

    /// <summary>Floats that <see cref="Values"/> keeps for <see cref="Gradients"/>.</summary>
    /// <param name="rows">Number of entries.</param>
    /// <param name="columns">Size of the last axis.</param>
    protected internal virtual int SavedLength(int rows, int columns) => 0;

    /// <summary>Writes the loss of each entry, without weights.</summary>
    /// <param name="batch">Targets and predictions.</param>
    /// <param name="values">One an entry, overwritten.</param>
    protected internal abstract void Values(in LossBatch batch, Span<float> values);

    /// <summary>Writes the gradient of <c>Σ coefficient · value</c> with respect to the predictions.</summary>
    /// <param name="batch">The batch that <see cref="Values"/> saw last.</param>
    /// <param name="coefficients">One an entry.</param>
    /// <param name="dPrediction"><c>Rows × Columns</c>.</param>
    /// <param name="accumulate">True to add to what is there.</param>
    protected internal abstract void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
