using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// Weights that lie one after the other, with their gradients beside them: what an optimizer updates in one pass. Gaps between the variables
/// (padding for alignment) must hold zeros in both and stay zero.
/// </summary>
public sealed class WeightSegment
{
    private readonly WeightRange[] _variables;

    /// <summary>Describes a segment.</summary>
    /// <param name="weights">Contiguous; of any shape.</param>
    /// <param name="gradients">Contiguous, as many elements.</param>
    /// <param name="variables">Where each variable lies, in order; the whole segment is one variable when empty.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a variable reaches outside or overlaps the one before it.</exception>
    public WeightSegment(Tensor<float> weights, Tensor<float> gradients, params ReadOnlySpan<WeightRange> variables)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(gradients);
        if (weights.Count != gradients.Count || !weights.IsContiguous || !gradients.IsContiguous)
            throw new ArgumentException($"WeightSegment: weights {Shapes.Format(weights.Shape)} and gradients {Shapes.Format(gradients.Shape)} must be contiguous and of one length.", nameof(gradients));
        int end = 0;
        foreach (WeightRange variable in variables)
        {
            if (variable.Start < end || variable.Length < 0 || (long)variable.Start + variable.Length > weights.Count)
                throw new ArgumentException($"WeightSegment: a variable at {variable.Start} of {variable.Length} elements does not fit between {end} and {weights.Count}.", nameof(variables));
            end = variable.Start + variable.Length;
        }
        Weights = weights;
        Gradients = gradients;
        _variables = variables.Length == 0 ? [new WeightRange(0, weights.Count)] : variables.ToArray();
    }

    /// <summary>The weights, updated in place.</summary>
    public Tensor<float> Weights { get; }

    /// <summary>The gradients; clipping changes them in place.</summary>
    public Tensor<float> Gradients { get; }

    /// <summary>Where each variable lies.</summary>
    public ReadOnlySpan<WeightRange> Variables => _variables;

    /// <summary>Number of elements.</summary>
    public int Count => Weights.Count;

    /// <summary>A factor on the learning rate: a group of weights that learns slower or faster.</summary>
    public double LearningRateScale { get; init; } = 1;

    /// <summary>False to leave the segment out of weight decay.</summary>
    public bool Decays { get; init; } = true;
}
