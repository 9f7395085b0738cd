namespace FlatFuse.Layers.Tests;

/// <summary>Rows of <see cref="LayerCases"/>: normalisations.</summary>
internal static class NormalizationCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "BatchNormalization", Make = () => new BatchNormalization { Momentum = 0.9 }, Inputs = [[3, 4]], Output = [3, 4], Parameters = 4 * 4, Mask = MaskRule.Passes,
            Refuses = ([[null, null]], ["BatchNormalization", "(None, None)", "undefined"]),
        },
        new()
        {
            Name = "BatchNormalization axis 1", Make = () => new BatchNormalization(1) { Scale = false }, Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 3 * 3, Mask = MaskRule.Passes,
            Refuses = ([[null]], ["axis 1", "(None,)"]),
        },
        new()
        {
            Name = "GroupNormalization", Make = () => new GroupNormalization(2), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Parameters = 2 * 4, Mask = MaskRule.Passes,
            Refuses = ([[null, 3, 5]], ["5 channels", "2 groups", "(None, 3, 5)"]),
        },
        new()
        {
            Name = "GroupNormalization channels first", Make = () => new GroupNormalization(-1, axis: 1) { Center = false }, Inputs = [[2, 2, 3]], Output = [2, 2, 3], Parameters = 2, Mask = MaskRule.Passes,
            Refuses = ([[null, null, 3]], ["axis 1", "undefined"]),
        },
        new()
        {
            Name = "LayerNormalization", Make = () => new LayerNormalization(), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Parameters = 2 * 4, Mask = MaskRule.Passes,
            Refuses = ([[null, 3, null]], ["LayerNormalization", "(None, 3, None)", "undefined"]),
        },
        new()
        {
            Name = "LayerNormalization axis 1", Make = () => new LayerNormalization(1) { Epsilon = 0.01, Center = false }, Inputs = [[2, 4, 2]], Output = [2, 4, 2], Parameters = 4, Mask = MaskRule.Passes,
            Refuses = ([[null]], ["(None,)", "axes"]),
        },
        new()
        {
            Name = "LayerNormalization axes 1 and 2", Make = () => new LayerNormalization(1, -1), Inputs = [[2, 2, 3]], Output = [2, 2, 3], Parameters = 2 * 6, Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["(None, 3)", "axes"]),
        },
        new()
        {
            Name = "LayerNormalization, scaling only", Make = () => new LayerNormalization(2, 1) { RmsScaling = true, Scale = false }, Inputs = [[2, 2, 3]], Output = [2, 2, 3], Parameters = 6, Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["(None, 3)", "axes"]),
        },
        new()
        {
            Name = "RMSNormalization", Make = () => new RMSNormalization(), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Parameters = 4, Mask = MaskRule.Passes,
            Refuses = ([[null, null]], ["RMSNormalization", "(None, None)", "undefined"]),
        },
        new()
        {
            Name = "UnitNormalization", Make = () => new UnitNormalization(1, 3), Inputs = [[2, 2, 2, 3]], Output = [2, 2, 2, 3], Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["UnitNormalization", "(None, 3)"]),
        },
    ];
}
