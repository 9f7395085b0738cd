namespace FlatFuse.Layers.Tests;

/// <summary>Rows of <see cref="LayerCases"/>: preprocessing inside the graph.</summary>
internal static class PreprocessingCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "Normalization", Make = () => new Normalization(), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Parameters = 4 + 4 + 1, Mask = MaskRule.Passes,
            Refuses = ([[null, 3, null]], ["Normalization", "(None, 3, None)", "undefined"]),
        },
        new()
        {
            Name = "Normalization of everything", Make = () => new Normalization([]), Inputs = [[2, 3]], Output = [2, 3], Parameters = 3, Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Normalization given", Make = () => new Normalization { Mean = [1, 2, -1], Variance = [4, 0.25, 1] }, Inputs = [[2, 3]], Output = [2, 3], Mask = MaskRule.Passes,
            Refuses = ([[null, 4]], ["3 means", "expected 1 or 4"]),
        },
        new()
        {
            Name = "Normalization inverted", Make = () => new Normalization(1, 2) { Mean = [0.5], Variance = [0.25], Invert = true }, Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 4]], ["(None, 4)", "no axis 2"]),
        },
        new()
        {
            Name = "CategoryEncoding multi-hot", Make = () => new CategoryEncoding(5), Inputs = [[2, 3]], Ids = 5, Output = [2, 5], Learns = false,
            Refuses = ([[null]], ["CategoryEncoding", "(None,)", "(None, n)"]),
        },
        new()
        {
            Name = "CategoryEncoding one-hot", Make = () => new CategoryEncoding(5, CategoryMode.OneHot), Inputs = [[2, 3]], Ids = 5, Output = [2, 3, 5], Learns = false,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "CategoryEncoding one-hot of one", Make = () => new CategoryEncoding(5, CategoryMode.OneHot), Inputs = [[4, 1]], Ids = 5, Output = [4, 5], Learns = false,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "CategoryEncoding count", Make = () => new CategoryEncoding(4, CategoryMode.Count), Inputs = [[2, 3, 5]], Ids = 4, Output = [2, 3, 4], Learns = false,
            Refuses = ([[null]], ["(None,)"]),
        },
        new()
        {
            Name = "Discretization", Make = () => new Discretization([-0.28, 0, 0.14]), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes, Learns = false,
            Refuses = ([[null, 3], [null, 3]], ["Discretization", "takes one input"]),
        },
        new()
        {
            Name = "Discretization one-hot", Make = () => new Discretization([-0.28, 0, 0.14]) { OutputMode = CategoryMode.OneHot }, Inputs = [[2, 3]], Output = [2, 3, 4], Learns = false,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Discretization count", Make = () => new Discretization([0]) { OutputMode = CategoryMode.Count }, Inputs = [[2, 3]], Output = [2, 2], Learns = false,
            Refuses = ([[null]], ["Discretization", "(None,)"]),
        },
    ];
}
