using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>What a layer does with the mask of its first input.</summary>
public enum MaskRule
{
    /// <summary>The output carries it.</summary>
    Passes,

    /// <summary>The output carries none.</summary>
    Drops,

    /// <summary>The layer makes one of its own.</summary>
    Makes,
}

/// <summary>One row of <see cref="LayerCases"/>: everything that <see cref="LayerCheck"/> proves about a layer.</summary>
public sealed class LayerCase
{
    public required string Name { get; init; }

    public required Func<Layer> Make { get; init; }

    /// <summary>One shape an input, batch included.</summary>
    public required int[][] Inputs { get; init; }

    /// <summary>The output for those inputs, batch included.</summary>
    public required int[] Output { get; init; }

    public int Parameters { get; init; }

    public MaskRule Mask { get; init; } = MaskRule.Drops;

    /// <summary>
    /// Inputs whose mask has an effect that differences cannot measure. A query that is padding sees nothing: every score of its is −1e9, to which
    /// float32 adds no score, while the gradient, as in Keras, is that of exact numbers.
    /// </summary>
    public int[] UnmeasuredMasks { get; init; } = [];

    /// <summary>Ids instead of real numbers: whole, below this.</summary>
    public int Ids { get; init; }

    /// <summary>False for a layer through which no gradient flows: descent changes nothing.</summary>
    public bool Learns { get; init; } = true;

    /// <summary>False for a layer that no file can hold: saving it says so.</summary>
    public bool Saves { get; init; } = true;

    /// <summary>Input shapes, batch first and null where unknown, that the layer refuses, and what its message says.</summary>
    public required (int?[][] Inputs, string[] Mentions) Refuses { get; init; }

    /// <summary>True when the first input has steps that a mask can lie over.</summary>
    public bool HasSteps => Inputs[0].Length > 2;

    public Tensor<float>[] Values() => [.. Inputs.Select((shape, index) => Ids > 0 ? IdValues(shape) : Spread(shape, index))];

    /// <summary>
    /// Numbers on a grid in mixed order: pairwise 0.14 apart, at least 0.07 from 0 and from the numbers of the next input, so that no
    /// kink (ReLU at 0, a tie of a maximum) lies within the 1/16 that a gradient check moves.
    /// </summary>
    private static Tensor<float> Spread(int[] shape, int input)
    {
        Tensor<float> tensor = Tensor.Zeros<float>(shape);
        Span<float> values = tensor.AsSpan();
        for (int i = 0; i < values.Length; i++)
        {
            int mixed = (i * 7 + 3 * input + 3) % values.Length;
            values[i] = (mixed - values.Length / 2 + (input % 2 == 0 ? 0.5f : 1f)) * 0.14f;
        }
        return tensor;
    }

    private Tensor<float> IdValues(int[] shape)
    {
        Tensor<float> tensor = Tensor.Zeros<float>(shape);
        Span<float> values = tensor.AsSpan();
        for (int i = 0; i < values.Length; i++)
            values[i] = (i * 3 + 1) % Ids;
        return tensor;
    }

    public override string ToString() => Name;
}
