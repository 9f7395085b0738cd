using FlatFuse.Autograd;

namespace FlatFuse.Layers.Tests;

/// <summary>Rows of <see cref="LayerCases"/>: noise, learned rectifiers, functions.</summary>
internal static class NoiseCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "ActivityRegularization", Make = () => new ActivityRegularization(0.1, 0.2), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["ActivityRegularization", "takes one input"]),
        },
        new()
        {
            Name = "Dense with rules", Make = () => new Dense(3) { KernelRegularizer = new L2(), KernelConstraint = new MaxNorm(), BiasRegularizer = new L1(), ActivityRegularizer = new L1L2(0.1, 0.1) },
            Inputs = [[2, 4]], Output = [2, 3], Parameters = (4 * 3) + 3, Mask = MaskRule.Passes,
            Refuses = ([[null]], ["Dense", "(None,)"]),
        },
        new()
        {
            Name = "AlphaDropout", Make = () => new AlphaDropout(0.25), Inputs = [[2, 5, 2]], Output = [2, 5, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["AlphaDropout", "takes one input"]),
        },
        new()
        {
            Name = "AlphaDropout noise shape", Make = () => new AlphaDropout(0.25) { NoiseShape = [null, 1, 2] }, Inputs = [[2, 5, 2]], Output = [2, 5, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 5, 3]], ["AlphaDropout", "noise shape (None, 1, 2)", "(None, 5, 3)"]),
        },
        new()
        {
            Name = "GaussianDropout", Make = () => new GaussianDropout(0.25), Inputs = [[2, 5, 2]], Output = [2, 5, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["GaussianDropout", "takes one input"]),
        },
        new()
        {
            Name = "GaussianNoise", Make = () => new GaussianNoise(0.25), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["GaussianNoise", "takes one input"]),
        },
        new()
        {
            Name = "Lambda", Make = () => new Lambda(x => VariableOps.Sum(x * x, 1)), Inputs = [[2, 3, 4]], Output = [2, 4], Saves = false,
            Refuses = ([[null]], ["Lambda", "(None,)", "function"]),
        },
        new()
        {
            Name = "Lambda of two", Make = () => new Lambda(values => VariableOps.MatMul(values[0], values[1])), Inputs = [[2, 3, 4], [2, 4, 5]], Output = [2, 3, 5], Saves = false,
            Refuses = ([[null, 3, 4], [null, 5, 6]], ["(None, 3, 4) and (None, 5, 6)", "MatMul"]),
        },
        new()
        {
            Name = "PReLU", Make = () => new PReLU { AlphaInitializer = new Constant(0.3) }, Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 6, Mask = MaskRule.Passes,
            Refuses = ([[null, null, 2]], ["PReLU", "axis 1", "SharedAxes = [1]"]),
        },
        new()
        {
            Name = "PReLU with shared slopes", Make = () => new PReLU { SharedAxes = [1], AlphaInitializer = new Constant(0.3) }, Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 2, Mask = MaskRule.Passes,
            Refuses = ([[null]], ["(None,)", "(1,)"]),
        },
        new()
        {
            Name = "SpatialDropout1D", Make = () => new SpatialDropout1D(0.5), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["SpatialDropout1D", "(None, 3)", "rank 3"]),
        },
    ];
}
