namespace FlatFuse.Layers.Tests;

/// <summary>One row a layer, or more where options change what it does. A layer without a row fails a test.</summary>
public static class LayerCases
{
    public static readonly LayerCase[] All =
    [
        new()
        {
            Name = "Activation", Make = () => new Activation(Activation.Tanh), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["Activation", "takes one input"]),
        },
        new()
        {
            Name = "Activation softmax", Make = () => new Activation(Activation.Softmax), Inputs = [[2, 4]], Output = [2, 4], Mask = MaskRule.Passes,
            Refuses = ([[null]], ["softmax", "(None,)"]),
        },
        new()
        {
            Name = "Activation threshold", Make = () => new Activation(Activation.Threshold(0.28, -2.5)), Inputs = [[2, 3]], Output = [2, 3], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["Activation", "takes one input"]),
        },
        new()
        {
            Name = "Activation GLU", Make = () => new Activation(Activation.GLU), Inputs = [[2, 3, 4]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 5]], ["glu", "(None, 5)", "odd"]),
        },
        new()
        {
            Name = "Activation sparsemax", Make = () => new Activation(Activation.Sparsemax), Inputs = [[2, 2, 3]], Output = [2, 2, 3], Mask = MaskRule.Passes,
            Refuses = ([[null]], ["sparsemax", "(None,)"]),
        },
        new()
        {
            Name = "Add", Make = () => new Add(), Inputs = [[2, 3, 4], [2, 1, 4], [2, 4]], Output = [2, 3, 4],
            Refuses = ([[null, 3], [null, 4]], ["Add", "(None, 3)", "(None, 4)"]),
        },
        new()
        {
            Name = "Average", Make = () => new Average(), Inputs = [[2, 3, 2], [2, 3, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3]], ["at least 2", "(None, 3)"]),
        },
        new()
        {
            Name = "Concatenate", Make = () => new Concatenate(), Inputs = [[2, 3], [2, 4]], Output = [2, 7],
            Refuses = ([[null, 1, 1280], [null, 16]], ["Concatenate", "(None, 1, 1280)", "(None, 16)", "rank", "Reshape([1280]) instead of Reshape([-1, 1280])", "Flatten()"]),
        },
        new()
        {
            Name = "Concatenate axis 1", Make = () => new Concatenate(1), Inputs = [[2, 3, 2], [2, 1, 2]], Output = [2, 4, 2], Mask = MaskRule.Makes,
            Refuses = ([[null, 2, 3], [null, 2, 4]], ["(None, 2, 3)", "(None, 2, 4)", "axis 2"]),
        },
        new()
        {
            Name = "Conv1D", Make = () => new Conv1D(3, 2) { Activation = Activation.Tanh, Padding = Padding.Same }, Inputs = [[2, 5, 2]], Output = [2, 5, 3], Parameters = 2 * 2 * 3 + 3,
            Refuses = ([[null, 8]], ["Conv1D", "(None, 8)", "Reshape([8, 1])"]),
        },
        new()
        {
            Name = "Conv1D strides", Make = () => new Conv1D(2, 3) { Strides = 2, UseBias = false }, Inputs = [[2, 6, 2]], Output = [2, 2, 2], Parameters = 3 * 2 * 2,
            Refuses = ([[null, 2, 2]], ["kernel", "(None, 2, 2)", "padding same"]),
        },
        new()
        {
            Name = "Conv1D causal", Make = () => new Conv1D(2, 2) { DilationRate = 2, Padding = Padding.Causal }, Inputs = [[1, 5, 2]], Output = [1, 5, 2], Parameters = 2 * 2 * 2 + 2,
            Refuses = ([[null, 5, null]], ["(None, 5, None)", "undefined"]),
        },
        new()
        {
            Name = "Conv1D groups, channels first", Make = () => new Conv1D(4, 2) { Groups = 2, DataFormat = DataFormat.ChannelsFirst, Activation = Activation.Tanh }, Inputs = [[2, 2, 4]], Output = [2, 4, 3], Parameters = 2 * 1 * 4 + 4,
            Refuses = ([[null, 3, 4]], ["2 groups", "(None, 3, 4) = (batch, channels, steps)"]),
        },
        new()
        {
            Name = "Cropping1D", Make = () => new Cropping1D(1, 2), Inputs = [[2, 5, 2]], Output = [2, 2, 2],
            Refuses = ([[null, 3, 2]], ["(None, 3, 2) = (batch, steps, channels)", "nothing"]),
        },
        new()
        {
            Name = "Dense", Make = () => new Dense(3, Activation.Tanh), Inputs = [[2, 4]], Output = [2, 3], Parameters = 4 * 3 + 3, Mask = MaskRule.Passes,
            Refuses = ([[null, null]], ["Dense", "(None, None)", "undefined"]),
        },
        new()
        {
            Name = "Dense on three axes", Make = () => new Dense(2) { UseBias = false, Activation = Activation.Softmax }, Inputs = [[2, 3, 4]], Output = [2, 3, 2], Parameters = 4 * 2, Mask = MaskRule.Passes,
            Refuses = ([[null]], ["(None,)", "Flatten()"]),
        },
        new()
        {
            Name = "Dropout", Make = () => new Dropout(0.25), Inputs = [[4, 5]], Output = [4, 5], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["Dropout", "takes one input"]),
        },
        new()
        {
            Name = "Dropout with a noise shape", Make = () => new Dropout(0.25) { NoiseShape = [null, 1, null] }, Inputs = [[4, 3, 2]], Output = [4, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["Dropout", "(None, 1, None)", "(None, 3)"]),
        },
        new()
        {
            Name = "ELU", Make = () => new ELU(0.7), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Embedding", Make = () => new Embedding(6, 3) { MaskZero = true }, Inputs = [[2, 4]], Output = [2, 4, 3], Parameters = 18, Ids = 6, Mask = MaskRule.Makes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Flatten", Make = () => new Flatten(), Inputs = [[2, 3, 4]], Output = [2, 12],
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Flatten channels first", Make = () => new Flatten { DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 3, 4]], Output = [2, 12],
            Refuses = ([[]], ["batch"]),
        },
        new()
        {
            Name = "GlobalAveragePooling1D", Make = () => new GlobalAveragePooling1D(), Inputs = [[2, 3, 4]], Output = [2, 4],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 3"]),
        },
        new()
        {
            Name = "GlobalMaxPooling1D", Make = () => new GlobalMaxPooling1D { KeepDims = true, DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 3, 4]], Output = [2, 3, 1],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 3"]),
        },
        new()
        {
            Name = "Input", Make = () => Input.Of([3, 4], name: "given"), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null, 4]], ["given", "(None, 3, 4)", "(None, 4)"]),
        },
        new()
        {
            Name = "LSTM", Make = () => new LSTM(3), Inputs = [[2, 4, 2]], Output = [2, 3], Parameters = 4 * 3 * (2 + 3 + 1),
            Refuses = ([[null, 1568]], ["LSTM", "(None, 1568)", "(batch, steps, features)", "Reshape([1, 1568])", "TimeDistributed"]),
        },
        new()
        {
            Name = "LSTM sequences", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 4 * 2 * (2 + 2), Mask = MaskRule.Passes,
            Make = () => new LSTM(2) { ReturnSequences = true, GoBackwards = true, UseBias = false, RecurrentActivation = Activation.Tanh, Dropout = 0.25 },
            Refuses = ([[null, 4, null]], ["(None, 4, None) = (batch, steps, features)", "undefined"]),
        },
        new()
        {
            Name = "LSTM with recurrent dropout", Inputs = [[2, 3, 2]], Output = [2, 3, 2], Parameters = 4 * 2 * (2 + 2 + 1), Mask = MaskRule.Passes,
            Make = () => new LSTM(2) { ReturnSequences = true, RecurrentDropout = 0.5, UnitForgetBias = false },
            Refuses = ([[null, 4, 2], [null, 2]], ["three", "h and c", "got 2"]),
        },
        new()
        {
            Name = "LSTM with initial states", Make = () => new LSTM(2), Inputs = [[2, 3, 2], [2, 2], [2, 2]], Output = [2, 2], Parameters = 4 * 2 * (2 + 2 + 1),
            Refuses = ([[null, 4, 2], [null, 2], [null, 3]], ["(None, 3)", "(None, 2) = (batch, units)"]),
        },
        new()
        {
            Name = "LeakyReLU", Make = () => new LeakyReLU(), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Masking", Make = () => new Masking(-1), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Makes,
            Refuses = ([[null, 3]], ["(None, 3)", "Embedding"]),
        },
        new()
        {
            Name = "MaxPooling1D", Make = () => new MaxPooling1D(), Inputs = [[2, 5, 2]], Output = [2, 2, 2],
            Refuses = ([[null, 1, 2]], ["(None, 1, 2)", "window"]),
        },
        new()
        {
            Name = "MaxPooling1D same", Make = () => new MaxPooling1D(3) { Strides = 1, Padding = Padding.Same, DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 2, 5]], Output = [2, 2, 5],
            Refuses = ([[null, 8]], ["(None, 8)", "(batch, channels, steps)"]),
        },
        new()
        {
            Name = "Maximum", Make = () => new Maximum(), Inputs = [[2, 3, 2], [2, 3, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3], [null, 4]], ["(None, 3)", "(None, 4)"]),
        },
        new()
        {
            Name = "Minimum", Make = () => new Minimum(), Inputs = [[2, 3, 2], [2, 3, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3], [null, 4]], ["(None, 3)", "(None, 4)"]),
        },
        new()
        {
            Name = "Multiply", Make = () => new Multiply(), Inputs = [[2, 3, 2], [2, 3, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3], [null, 4]], ["(None, 3)", "(None, 4)"]),
        },
        new()
        {
            Name = "Permute", Make = () => new Permute(2, 1), Inputs = [[2, 3, 4]], Output = [2, 4, 3],
            Refuses = ([[null, 3]], ["(2, 1)", "(None, 3)"]),
        },
        new()
        {
            Name = "ReLU", Make = () => new ReLU { NegativeSlope = 0.1, Threshold = 0.28, MaxValue = 0.56 }, Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "RepeatVector", Make = () => new RepeatVector(3), Inputs = [[2, 4]], Output = [2, 3, 4],
            Refuses = ([[null, 3, 2]], ["'repeat_vector'", "(None, 3, 2)", "Flatten"]),
        },
        new()
        {
            Name = "Rescaling", Make = () => new Rescaling(0.5, -1), Inputs = [[2, 3, 2]], Output = [2, 3, 2], Mask = MaskRule.Passes,
            Refuses = ([[null, 3], [null, 3]], ["takes one input"]),
        },
        new()
        {
            Name = "Rescaling by features", Make = () => new Rescaling([0.5, -2, 1, 3], [-1, 0, 2, 0.25]), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null, 4, 3]], ["Rescaling", "(None, 4, 3)", "4 factors"]),
        },
        new()
        {
            Name = "Reshape", Make = () => new Reshape([4, -1]), Inputs = [[2, 3, 4]], Output = [2, 4, 3],
            Refuses = ([[null, 10]], ["Reshape", "(None, 10)", "4", "(4, -1)"]),
        },
        new()
        {
            Name = "Softmax", Make = () => new Softmax(1), Inputs = [[2, 3, 4]], Output = [2, 3, 4], Mask = MaskRule.Passes,
            Refuses = ([[null]], ["axis 1", "(None,)"]),
        },
        new()
        {
            Name = "Softmax over two axes", Make = () => new Softmax(-1, 1), Inputs = [[2, 2, 1, 3]], Output = [2, 2, 1, 3], Mask = MaskRule.Passes,
            Refuses = ([[null, 3]], ["axes (-1, 1)", "(None, 3)"]),
        },
        new()
        {
            Name = "Subtract", Make = () => new Subtract(), Inputs = [[2, 3, 2], [2, 3, 2]], Output = [2, 3, 2],
            Refuses = ([[null, 3], [null, 3], [null, 3]], ["exactly 2", "got 3"]),
        },
        new()
        {
            Name = "TimeDistributed", Make = () => new TimeDistributed(new Dense(2) { Name = "inside" }), Inputs = [[2, 3, 4]], Output = [2, 3, 2], Parameters = 4 * 2 + 2, Mask = MaskRule.Passes,
            Refuses = ([[null, 4]], ["(None, 4)", "rank 3"]),
        },
        new()
        {
            Name = "UpSampling1D", Make = () => new UpSampling1D(3), Inputs = [[2, 2, 2]], Output = [2, 6, 2],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 3"]),
        },
        new()
        {
            Name = "ZeroPadding1D", Make = () => new ZeroPadding1D(2, 1), Inputs = [[2, 3, 2]], Output = [2, 6, 2],
            Refuses = ([[null, 8]], ["(None, 8)", "rank 3"]),
        },
        new()
        {
            Name = "ZeroPadding1D channels first", Make = () => new ZeroPadding1D(2, 1) { DataFormat = DataFormat.ChannelsFirst }, Inputs = [[2, 3, 2]], Output = [2, 3, 5],
            Refuses = ([[null, 8]], ["(None, 8)", "(batch, channels, steps)"]),
        },
        .. AttentionCases.All,
        .. ConvolutionCases.All,
        .. NoiseCases.All,
        .. RecurrentCases.All,
        .. NormalizationCases.All,
        .. PreprocessingCases.All,
    ];

    public static TheoryData<LayerCase> Rows => [.. All];
}
