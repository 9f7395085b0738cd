namespace FlatFuse.Layers.Tests;

/// <summary>Rows of <see cref="LayerCases"/>: products of branches and attention.</summary>
internal static class AttentionCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "AdditiveAttention", Make = () => new AdditiveAttention(), Inputs = [[2, 2, 3], [2, 3, 4], [2, 3, 3]], Output = [2, 2, 4], Parameters = 3, Mask = MaskRule.Passes,
            Refuses = ([[null, 2, null], [null, 3, null]], ["AdditiveAttention", "undefined"]),
        },
        new()
        {
            Name = "Attention", Make = () => new Attention { UseScale = true, Dropout = 0.25 }, Inputs = [[2, 2, 3], [2, 3, 3]], Output = [2, 2, 3], Parameters = 1, Mask = MaskRule.Passes,
            Refuses = ([[null, 2, 3], [null, 3, 4]], ["Attention", "(None, 2, 3) and (None, 3, 4)", "Dense(3)"]),
        },
        new()
        {
            Name = "Attention by sums, causal", Make = () => new Attention { UseScale = true, ConcatScores = true, UseCausalMask = true }, Inputs = [[2, 3, 2], [2, 3, 4], [2, 3, 2]], Output = [2, 3, 4], Parameters = 2, Mask = MaskRule.Passes,
            Refuses = ([[null, 2, 3]], ["[query, value]", "got 1"]),
        },
        new()
        {
            Name = "Dot", Make = () => new Dot(2, 1), Inputs = [[2, 3, 4], [2, 4, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3, 4], [null, 3, 2]], ["Dot", "4 and 3", "(2, 1)"]),
        },
        new()
        {
            Name = "Dot of directions", Make = () => new Dot(-1) { Normalize = true }, Inputs = [[2, 4], [2, 4]], Output = [2, 1],
            Refuses = ([[null, 4], [null, 4], [null, 4]], ["exactly 2", "got 3"]),
        },
        new()
        {
            Name = "Dot of more axes", Make = () => new Dot(1), Inputs = [[2, 3, 2], [2, 3, 2, 2]], Output = [2, 2, 2, 2],
            Refuses = ([[null], [null, 4]], ["(None,)", "axis 1"]),
        },
        new()
        {
            Name = "MultiHeadAttention", Make = () => new MultiHeadAttention(2, 3) { ValueDim = 2, OutputSize = 5, Dropout = 0.25 }, Inputs = [[2, 2, 3], [2, 3, 4]], Output = [2, 2, 5], Mask = MaskRule.Passes, UnmeasuredMasks = [0],
            Parameters = (3 * 6) + 6 + (4 * 6) + 6 + (4 * 4) + 4 + (4 * 5) + 5,
            Refuses = ([[null, 2, 3], [null, 3]], ["MultiHeadAttention", "rank 3", "(None, 2, 3) and (None, 3)"]),
        },
        new()
        {
            Name = "MultiHeadAttention, causal", Make = () => new MultiHeadAttention(1, 2) { UseBias = false, UseCausalMask = true }, Inputs = [[2, 3, 2], [2, 3, 3], [2, 3, 4]], Output = [2, 3, 2], Mask = MaskRule.Passes, UnmeasuredMasks = [0],
            Parameters = (2 * 2) + (4 * 2) + (3 * 2) + (2 * 2),
            Refuses = ([[null, 2, 3], [null, 3, 4], [null, 4, 4]], ["3 values", "4 keys"]),
        },
    ];
}
