using FlatFuse.Kernels;
using FlatFuse.Tensors;
using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of products, convolutions, pooling, normalization and noise.</summary>
internal static class FusedCases
{
    // Rows of equal entries have variance 0: with a large ε their derivatives stay as tame as the others.
    private const double Epsilon = 0.5;

    private static readonly RandomKey Key = RandomKey.FromSeed(1);

    public static readonly OperationCase[] All =
    [
        new()
        {
            Operation = nameof(VariableOps.MatMul), Function = v => VariableOps.MatMul(v[0], v[1]),
            Operands = [Of(3, 4), Of(4, 2)], Empty = [[[0, 4], [4, 2]], [[3, 0], [0, 2]], [[3, 4], [4, 0]], [[0, 3, 4], [4, 2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.MatMul), Options = "batches", Function = v => VariableOps.MatMul(v[0], v[1]),
            Operands = [Of(2, 3, 4), Of(2, 4, 2)], Empty = [[[0, 3, 4], [0, 4, 2]], [[2, 3, 0], [2, 0, 2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.MatMul), Options = "both transposed", Function = v => VariableOps.MatMul(v[0], v[1], transposeA: true, transposeB: true),
            Operands = [Of(2, 4, 3), Of(2, 4)], Empty = [[[0, 4, 3], [2, 4]], [[2, 0, 3], [2, 0]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Dense), Function = v => VariableOps.Dense(v[0], v[1], v[2], ActivationKind.Tanh),
            Operands = [Of(3, 4), Of(4, 2), Of(2)], Empty = [[[0, 4], [4, 2], [2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Dense), Options = "on steps, no bias", Function = v => VariableOps.Dense(v[0], v[1], null, ActivationKind.GELU),
            Operands = [Of(2, 3, 4), Of(4, 2)], Empty = [[[0, 3, 4], [4, 2]], [[2, 0, 4], [4, 2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv1D), Function = v => VariableOps.Conv1D(v[0], v[1], v[2], activation: ActivationKind.Tanh),
            Operands = [Of(2, 5, 3), Of(3, 3, 2), Of(2)], Empty = [[[0, 5, 3], [3, 3, 2], [2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv1D), Options = "groups",
            Function = v => VariableOps.Conv1D(v[0], v[1], v[2], padding: ConvolutionPadding.Same, activation: ActivationKind.SiLU, groups: 2),
            Operands = [Of(2, 4, 4), Of(3, 2, 4), Of(4)], Empty = [[[0, 4, 4], [3, 2, 4], [4]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv1D), Options = "groups of one channel, strides, no bias",
            Function = v => VariableOps.Conv1D(v[0], v[1], stride: 2, activation: ActivationKind.Tanh, groups: 3),
            Operands = [Of(2, 5, 3), Of(2, 1, 6)], Empty = [[[0, 5, 3], [2, 1, 6]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv1DTranspose), Function = v => VariableOps.Conv1DTranspose(v[0], v[1], v[2], 2, activation: ActivationKind.Tanh),
            Operands = [Of(2, 3, 2), Of(3, 2, 2), Of(2)], Empty = [[[0, 3, 2], [3, 2, 2], [2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.DepthwiseConv1D), Function = v => VariableOps.DepthwiseConv1D(v[0], v[1], v[2], activation: ActivationKind.Tanh),
            Operands = [Of(2, 5, 3), Of(3, 3, 2), Of(6)], Empty = [[[0, 5, 3], [3, 3, 2], [6]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv2D), Function = v => VariableOps.Conv2D(v[0], v[1], v[2], activation: ActivationKind.Tanh),
            Operands = [Of(2, 3, 4, 2), Of(2, 3, 2, 2), Of(2)], Empty = [[[0, 3, 4, 2], [2, 3, 2, 2], [2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Conv2D), Options = "groups",
            Function = v => VariableOps.Conv2D(v[0], v[1], v[2], padding: ConvolutionPadding.Same, activation: ActivationKind.SiLU, groups: 2),
            Operands = [Of(2, 3, 3, 4), Of(2, 2, 2, 4), Of(4)], Empty = [[[0, 3, 3, 4], [2, 2, 2, 4], [4]]],
        },
        // Up to 196 values over [−16, 16]: 0.16 apart, more than twice 2h = 1/16.
        Pooling(nameof(VariableOps.MaxPooling1D), "", x => VariableOps.MaxPooling1D(x), ties: true, 16f, 2, 5, 3),
        Pooling(nameof(VariableOps.MaxPooling1D), "overlapping, same", x => VariableOps.MaxPooling1D(x, 3, 1, ConvolutionPadding.Same), ties: true, 16f, 2, 5, 3),
        // Up to 560 values over [−40, 40]: 0.14 apart, more than twice 2h = 1/16.
        Pooling(nameof(VariableOps.MaxPooling2D), "", x => VariableOps.MaxPooling2D(x, (2, 2)), ties: true, 40f, 2, 3, 5, 2),
        Pooling(nameof(VariableOps.MaxPooling2D), "overlapping, same", x => VariableOps.MaxPooling2D(x, (2, 3), (1, 2), ConvolutionPadding.Same), ties: true, 40f, 2, 3, 5, 2),
        Pooling(nameof(VariableOps.AveragePooling1D), "", x => VariableOps.AveragePooling1D(x), ties: false, 1f, 2, 5, 3),
        Pooling(nameof(VariableOps.AveragePooling1D), "overlapping, same", x => VariableOps.AveragePooling1D(x, 3, 1, ConvolutionPadding.Same), ties: false, 1f, 2, 5, 3),
        Pooling(nameof(VariableOps.AveragePooling2D), "", x => VariableOps.AveragePooling2D(x, (2, 2)), ties: false, 1f, 2, 3, 5, 2),
        Pooling(nameof(VariableOps.AveragePooling2D), "overlapping, same", x => VariableOps.AveragePooling2D(x, (2, 3), (1, 2), ConvolutionPadding.Same), ties: false, 1f, 2, 3, 5, 2),
        new()
        {
            Operation = nameof(VariableOps.LayerNormalization), Function = v => VariableOps.LayerNormalization(v[0], v[1], v[2], 1, Epsilon),
            Operands = [Of(2, 3, 4), Between(0.5f, 1.5f, 4), Of(4)], Empty = [[[0, 3, 4], [4], [4]], [[2, 0, 4], [4], [4]]],
        },
        new()
        {
            Operation = nameof(VariableOps.LayerNormalization), Options = "two axes, no gamma", Function = v => VariableOps.LayerNormalization(v[0], null, v[1], 2, Epsilon),
            Operands = [Of(2, 2, 3), Of(2, 3)], Empty = [[[0, 2, 3], [2, 3]]],
        },
        new()
        {
            Operation = nameof(VariableOps.RMSNormalization), Function = v => VariableOps.RMSNormalization(v[0], v[1], 1, Epsilon),
            Operands = [Of(3, 4), Between(0.5f, 1.5f, 4)], Empty = [[[0, 4], [4]]],
        },
        new()
        {
            Operation = nameof(VariableOps.UnitNormalization), Function = v => VariableOps.UnitNormalization(v[0]),
            Operands = [Between(0.5f, 1.5f, 3, 4)], Empty = [[[0, 4]]],
        },
        BatchNormalization("batch statistics", -1, batch: true),
        BatchNormalization("batch statistics, axis 1", 1, batch: true),
        BatchNormalization("moving statistics", -1, batch: false),
        BatchNormalization("moving statistics, axis 1", 1, batch: false),
        Noise(nameof(VariableOps.Dropout), "", x => VariableOps.Dropout(x, 0.4, Key)),
        Noise(nameof(VariableOps.Dropout), "one draw a row", x => VariableOps.Dropout(x, 0.4, Key, x.Shape[0], 1)),
        Noise(nameof(VariableOps.Dropout), "one draw a column", x => VariableOps.Dropout(x, 0.4, Key, 1, x.Shape[1])),
        Noise(nameof(VariableOps.Dropout), "everything", x => VariableOps.Dropout(x, 1, Key)),
        Noise(nameof(VariableOps.RandomNormal), "", x => x * VariableOps.RandomNormal(x.Context!, Key, 1, 0.5, x.Shape)),
        Noise(nameof(VariableOps.RandomMask), "", x => x * VariableOps.RandomMask(x.Context!, Key, 0.4, x.Shape)),
    ];

    private static OperationCase Pooling(string operation, string options, Func<Variable, Variable> function, bool ties, float limit, params int[] shape) => new()
    {
        Operation = operation, Options = options, Function = v => function(v[0]), TiesAreKinks = ties,
        Operands = [Between(-limit, limit, shape)], Empty = [[[0, .. shape[1..]]]],
    };

    // The numbers drawn depend on key and position only: every evaluation sees the same ones.
    private static OperationCase Noise(string operation, string options, Func<Variable, Variable> function) => new()
    {
        Operation = operation, Options = options, Function = v => function(v[0]), Training = true, Operands = [Of(4, 5)], Empty = [[[0, 5]], [[4, 0]]],
    };

    private static OperationCase BatchNormalization(string options, int axis, bool batch) => new()
    {
        Operation = nameof(VariableOps.BatchNormalization), Options = options,
        Function = v => VariableOps.BatchNormalization(
            v[0], v[1], v[2], Statistic("mean", 0.2f), Statistic("variance", 1.5f), new BatchNormalizationOptions { Axis = axis, Epsilon = Epsilon, UseBatchStatistics = batch }),
        Operands = [Of(2, 3, 3), Between(0.5f, 1.5f, 3), Of(3)], Empty = [[[0, 3, 3], [3], [3]]],
    };

    private static Parameter Statistic(string name, float value)
    {
        var parameter = new Parameter(name, [3], trainable: false);
        parameter.Assign(Tensor.Full(value, 3));
        return parameter;
    }
}
