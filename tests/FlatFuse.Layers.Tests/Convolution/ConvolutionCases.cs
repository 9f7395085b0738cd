namespace FlatFuse.Layers.Tests;

/// <summary>Rows of <see cref="LayerCases"/>: convolutions beyond Conv1D, average and image pooling.</summary>
internal static class ConvolutionCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "AveragePooling1D", Make = () => new AveragePooling1D(), Inputs = [[2, 5, 2]], Output = [2, 2, 2],
            Refuses = ([[null, 1, 2]], ["AveragePooling1D", "(None, 1, 2)", "window", "padding same"]),
        },
        new()
        {
            Name = "AveragePooling1D same", Make = () => new AveragePooling1D(3) { Strides = 2, Padding = Padding.Same, DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 2, 6]], Output = [2, 2, 3],
            Refuses = ([[null, 8]], ["(None, 8)", "(batch, channels, steps)"]),
        },
        new()
        {
            Name = "AveragePooling2D", Make = () => new AveragePooling2D((2, 3)) { Strides = 1, Padding = Padding.Same }, Inputs = [[2, 3, 4, 2]], Output = [2, 3, 4, 2],
            Refuses = ([[null, 5, 6]], ["AveragePooling2D", "(None, 5, 6)", "rank 4", "Reshape([5, 6, 1])"]),
        },
        new()
        {
            Name = "Conv1DTranspose", Make = () => new Conv1DTranspose(3, 3) { Strides = 2, Activation = Activation.Tanh }, Inputs = [[2, 3, 2]], Output = [2, 7, 3], Parameters = 3 * 3 * 2 + 3,
            Refuses = ([[null, 8]], ["Conv1DTranspose", "(None, 8)", "Reshape([8, 1])"]),
        },
        new()
        {
            Name = "Conv1DTranspose same, channels first", Inputs = [[2, 2, 3]], Output = [2, 2, 5], Parameters = 2 * 2 * 4,
            Make = () => new Conv1DTranspose(2, 4) { Strides = 2, Padding = Padding.Same, OutputPadding = 1, UseBias = false, DataFormat = DataFormat.ChannelsFirst },
            Refuses = ([[null, null, 5]], ["(None, None, 5) = (batch, channels, steps)", "undefined"]),
        },
        new()
        {
            Name = "Conv1DTranspose dilated", Make = () => new Conv1DTranspose(2, 2) { DilationRate = 3, Activation = Activation.SiLU }, Inputs = [[2, 3, 2]], Output = [2, 6, 2], Parameters = 2 * 2 * 2 + 2,
            Refuses = ([[null, 5, 2], [null, 5, 2]], ["takes one input"]),
        },
        new()
        {
            Name = "Conv2D", Make = () => new Conv2D(3, (2, 3)) { Activation = Activation.Tanh }, Inputs = [[2, 4, 4, 2]], Output = [2, 3, 2, 3], Parameters = 2 * 3 * 2 * 3 + 3,
            Refuses = ([[null, 28, 28]], ["Conv2D", "(None, 28, 28)", "rank 4", "Reshape([28, 28, 1])"]),
        },
        new()
        {
            Name = "Conv2D same, strides", Make = () => new Conv2D(2, 3) { Strides = (2, 1), Padding = Padding.Same, UseBias = false }, Inputs = [[1, 3, 3, 2]], Output = [1, 2, 3, 2], Parameters = 3 * 3 * 2 * 2,
            Refuses = ([[null, 5, 4, null]], ["(None, 5, 4, None) = (batch, rows, columns, channels)", "undefined"]),
        },
        new()
        {
            Name = "Conv2D dilated", Make = () => new Conv2D(2, 2) { DilationRate = (1, 2) }, Inputs = [[1, 3, 4, 2]], Output = [1, 2, 2, 2], Parameters = 2 * 2 * 2 * 2 + 2,
            Refuses = ([[null, 4, 2, 2]], ["spans 3 columns", "(None, 4, 2, 2)", "padding same"]),
        },
        new()
        {
            Name = "Conv2D groups, channels first", Inputs = [[2, 2, 3, 3]], Output = [2, 4, 2, 2], Parameters = 2 * 2 * 1 * 4 + 4,
            Make = () => new Conv2D(4, 2) { Groups = 2, DataFormat = DataFormat.ChannelsFirst, Activation = Activation.Tanh },
            Refuses = ([[null, 3, 4, 4]], ["2 groups", "(None, 3, 4, 4) = (batch, channels, rows, columns)"]),
        },
        new()
        {
            Name = "DepthwiseConv1D", Make = () => new DepthwiseConv1D(2), Inputs = [[2, 5, 3]], Output = [2, 4, 3], Parameters = 2 * 3 + 3,
            Refuses = ([[null, 1, 3]], ["DepthwiseConv1D", "(None, 1, 3)", "kernel spans 2 steps"]),
        },
        new()
        {
            Name = "DepthwiseConv1D multiplier", Inputs = [[2, 5, 2]], Output = [2, 3, 6], Parameters = 3 * 2 * 3 + 6,
            Make = () => new DepthwiseConv1D(3) { DepthMultiplier = 3, Strides = 2, Padding = Padding.Same, Activation = Activation.Tanh },
            Refuses = ([[null, 5, null]], ["(None, 5, None)", "undefined"]),
        },
        new()
        {
            Name = "GlobalAveragePooling1D keeps dimensions", Make = () => new GlobalAveragePooling1D { KeepDims = true }, Inputs = [[2, 3, 4]], Output = [2, 1, 4],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 3"]),
        },
        new()
        {
            Name = "GlobalAveragePooling2D", Make = () => new GlobalAveragePooling2D { DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 4, 2, 3]], Output = [2, 4],
            Refuses = ([[null, 5, 6]], ["GlobalAveragePooling2D", "(None, 5, 6)", "Reshape([1, 5, 6])"]),
        },
        new()
        {
            Name = "GlobalMaxPooling2D", Make = () => new GlobalMaxPooling2D { KeepDims = true }, Inputs = [[2, 2, 3, 4]], Output = [2, 1, 1, 4],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 4"]),
        },
        new()
        {
            Name = "MaxPooling2D", Make = () => new MaxPooling2D(), Inputs = [[2, 4, 5, 2]], Output = [2, 2, 2, 2],
            Refuses = ([[null, 4, 1, 2]], ["MaxPooling2D", "(2, 2)", "(None, 4, 1, 2)", "padding same"]),
        },
        new()
        {
            Name = "MaxPooling2D same, channels first", Inputs = [[2, 2, 3, 4]], Output = [2, 2, 3, 2],
            Make = () => new MaxPooling2D((2, 3)) { Strides = (1, 2), Padding = Padding.Same, DataFormat = DataFormat.ChannelsFirst },
            Refuses = ([[null, 8]], ["(None, 8)", "(batch, channels, rows, columns)"]),
        },
        new()
        {
            Name = "SeparableConv1D", Inputs = [[2, 5, 3]], Output = [2, 4, 2], Parameters = 2 * 3 * 2 + 6 * 2 + 2,
            Make = () => new SeparableConv1D(2, 2) { DepthMultiplier = 2, Activation = Activation.Tanh },
            Refuses = ([[null, 8]], ["SeparableConv1D", "(None, 8)", "Reshape([8, 1])"]),
        },
        new()
        {
            Name = "SeparableConv1D channels first", Inputs = [[2, 3, 5]], Output = [2, 2, 5], Parameters = 3 * 3 + 3 * 2,
            Make = () => new SeparableConv1D(2, 3) { DilationRate = 2, Padding = Padding.Same, UseBias = false, DataFormat = DataFormat.ChannelsFirst },
            Refuses = ([[null, null, 5]], ["(None, None, 5)", "undefined"]),
        },
    ];
}
